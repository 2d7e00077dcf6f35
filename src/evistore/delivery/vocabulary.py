"""The CDEvents vocabulary: which event types exist, in which spec versions, and what the table says of their members.

The table itself is ``vocabulary.toml``, written for people; this module only answers questions about it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

PREFIX = "dev.cdevents."
CUSTOM_PREFIX = "dev.cdeventsx."
CUSTOM = "custom"
CUSTOM_SINCE = "0.4.0"

Part = Literal["event", "context", "subject", "content"]


@cache
def table() -> Mapping[str, Any]:
    """The whole of ``vocabulary.toml``."""
    return tomllib.loads(files("evistore.delivery").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


@cache
def spec_versions() -> tuple[str, ...]:
    """Every spec version, oldest first."""
    return tuple(table()["spec"]["versions"])


@cache
def released_versions() -> tuple[str, ...]:
    """Every spec version that is no draft, oldest first."""
    return tuple(version for version in spec_versions() if version not in table()["spec"]["drafts"])


@cache
def types() -> Mapping[str, tuple[str, ...]]:
    """Every published ``context.type`` and the spec versions that carry it, oldest first."""
    found: dict[str, list[str]] = {}
    for name in events():
        for spec in spec_versions():
            for event_version in _event_versions(name, spec):
                found.setdefault(f"{PREFIX}{name}.{event_version}", []).append(spec)
    return {text: tuple(versions) for text, versions in found.items()}


@cache
def events() -> tuple[str, ...]:
    """Every ``subject.predicate`` of the standard."""
    return tuple(table()["types"])


def type_of(event: str, spec: str) -> str | None:
    """The ``context.type`` of *event* (``subject.predicate``) in *spec*; ``None`` when it has no such event."""
    return next((f"{PREFIX}{event}.{version}" for version in _event_versions(event, spec)), None)


def event_of(type_: str) -> str:
    """The ``subject.predicate`` that a type string of :func:`types` names."""
    subject, predicate, *_ = type_.removeprefix(PREFIX).split(".")
    return f"{subject}.{predicate}"


def subject_type(event: str) -> str:
    """How ``subject.type`` spells the subject of *event*, in the versions that have that member."""
    subject = event.partition(".")[0]
    return table()["subjects"].get(subject, subject)


def rows(part: Part, event: str, spec: str) -> list[str]:
    """The rows of the table in force for *part* of *event* at *spec*, in the order they take effect."""
    matching = [
        row
        for selector, entry in table()[part].items()
        if any(_selects(pattern, event) for pattern in selector.split())
        for row in _dated(entry)
    ]
    return [text for since, text in sorted(matching, key=lambda row: row[0]) if since <= _rank(spec)]


def shape(name: str, spec: str) -> str | None:
    """The text of the named shape as of *spec*; ``None`` when the table has none of that name."""
    entry = table()["shapes"].get(name)
    if entry is None:
        return None
    return [text for since, text in _dated(entry) if since <= _rank(spec)][-1]


def _event_versions(event: str, spec: str) -> Iterator[str]:
    columns = table()["spec"]["columns"]
    cells = table()["types"].get(event, "- " * len(columns)).split()
    for column, version in zip(columns, cells, strict=True):
        if spec in column.split() and version != "-":
            yield version
    for version, oddity in table()["oddities"].items():
        if spec in oddity["versions"] and event.partition(".")[0] in oddity["subjects"]:
            yield version


def _selects(pattern: str, event: str) -> bool:
    return pattern in ("*", event) or (pattern.endswith(".*") and event.startswith(pattern[:-1]))


def _dated(entry: str | list[str]) -> Iterator[tuple[int, str]]:
    """The rows of *entry* with the rank of the version each starts to hold in; a row that names none always held."""
    for row in [entry] if isinstance(entry, str) else entry:
        first, _, rest = row.partition(" ")
        yield (_rank(first), rest.strip()) if first in spec_versions() else (0, row)


@cache
def _rank(spec: str) -> int:
    return spec_versions().index(spec)
