"""The vocabulary as JSON Schema, compiled when a type is first met and kept: nothing is read from the network, ever."""

from __future__ import annotations

from functools import cache

import jsonschema_rs

from evistore.delivery import vocabulary
from evistore.delivery.notation import Schema, kind_of, members_of
from evistore.delivery.vocabulary import CUSTOM, CUSTOM_SINCE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LINK_TYPES = ("START", "PATH", "END", "RELATION")

# Versions whose own schemas cannot be used, and the version that stands in for them.
STAND_INS = {"0.5.0": "0.5.1"}


def event_schema(event: str, spec: str, type_: str | None = None) -> Schema:
    """The schema of *event* (``subject.predicate``, or ``custom``) in *spec*.

    *type_* is the exact ``context.type``; it matters where one version knows an event under two strings.
    """
    own = type_ or vocabulary.type_of(event, spec)
    context = members_of(vocabulary.rows("context", event, spec), _names(spec, own))
    subject = members_of(vocabulary.rows("subject", event, spec), _names(spec, vocabulary.subject_type(event)))
    subject.put("content*", members_of(vocabulary.rows("content", event, spec), _names(spec)).schema())
    whole = members_of(vocabulary.rows("event", event, spec), _names(spec))
    whole.put("context*", context.schema())
    whole.put("subject*", subject.schema())
    return {"$schema": DIALECT, **whole.schema()}


def link_schema(link_type: str, spec: str) -> Schema:
    """The schema of a link that travels by itself: *link_type* is ``START``, ``PATH``, ``END`` or ``RELATION``."""
    return {"$schema": DIALECT, **kind_of(vocabulary.table()["links"][link_type.lower()], _names(spec))}


@cache
def event_validator(type_: str, spec: str) -> jsonschema_rs.Validator | None:
    """What decides events of *type_* (``custom`` for all custom types) in *spec*; ``None`` if it has no such type."""
    spec = STAND_INS.get(spec, spec)
    if type_ == CUSTOM:
        known = spec in custom_versions()
        return _compiled(event_schema(CUSTOM, spec)) if known else None
    if spec not in vocabulary.types().get(type_, ()):
        return None
    return _compiled(event_schema(vocabulary.event_of(type_), spec, type_))


@cache
def link_validator(link_type: str, spec: str) -> jsonschema_rs.Validator:
    """What decides separate links of *link_type* by the rules of *spec*, which is 0.4.1 or later."""
    return _compiled(link_schema(link_type, STAND_INS.get(spec, spec)))


@cache
def custom_versions() -> tuple[str, ...]:
    """The spec versions that know custom events, oldest first."""
    versions = vocabulary.spec_versions()
    return versions[versions.index(CUSTOM_SINCE) :]


def _compiled(schema: Schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def _names(spec: str, own: str | None = None):  # noqa: ANN202  # a closure over the two
    def named(name: str) -> Schema | None:
        if name == "own" and own is not None:
            return {"type": "string", "enum": [own]}
        text = vocabulary.shape(name, spec)
        return kind_of(text, named) if text is not None else None

    return named
