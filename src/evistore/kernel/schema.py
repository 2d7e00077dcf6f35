"""The SQL files of the program, as values: migrations, definitions, storage.

Each context keeps them in its ``sql`` folder. Migrations are history, numbered through all contexts. Definitions are the present:
one object per file, ``definitions/<kind>/<name>.sql``, ordered by their ``-- requires:`` lines. Storage is what differs between engines:
``native/`` and ``timescale/``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path
from typing import Literal

Engine = Literal["native", "timescale"]

# Functions come before the views that call them; the `requires` lines decide inside and across the kinds.
_KINDS = ("function", "procedure", "view", "trigger")
_REQUIRES = re.compile(r"^-- requires: *(.+)$", re.MULTILINE)
_SERVES_FROM = re.compile(r"^-- serves from: *(\d+)$", re.MULTILINE)
_MIGRATION = re.compile(r"^(\d{4})_([a-z0-9_]+)\.up\.sql$")


@dataclass(frozen=True, slots=True)
class Context:
    """A part of the program that owns a schema of the database."""

    name: str
    package: str
    schema: str


KERNEL = Context("kernel", "evistore.kernel", "evistore")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema's history, with its way back."""

    number: int
    name: str
    context: str
    up: str
    down: str

    @property
    def serves_from(self) -> int | None:
        """Number of the migration that a program has to know to work with the schema after this one; ``None``: it asks for no more than before."""
        found = _SERVES_FROM.search(self.up)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Definition:
    """One function, procedure, view or trigger as it should stand now."""

    kind: str
    name: str
    text: str
    path: Path

    @property
    def requires(self) -> tuple[str, ...]:
        """Names of the definitions that must stand before this one."""
        return tuple(name for line in _REQUIRES.findall(self.text) for name in line.split())


def folder(context: Context) -> Path:
    """Where the SQL of *context* lies."""
    return Path(str(files(context.package).joinpath("sql")))


def migrations(contexts: Iterable[Context]) -> list[Migration]:
    """Every migration of *contexts*, in order of their numbers.

    Raises:
        ValueError: a number is given twice, or a migration has no way down.
    """
    found: dict[int, Migration] = {}
    for context in contexts:
        for path in sorted(folder(context).joinpath("migrations").glob("*.up.sql")):
            match = _MIGRATION.match(path.name)
            if match is None:
                raise ValueError(f"{path.name}: a migration is named 0001_what.up.sql")
            number, name = int(match[1]), match[2]
            if number in found:
                raise ValueError(f"migration {number} is both {found[number].name} and {name}")
            down = path.with_name(path.name.replace(".up.", ".down."))
            found[number] = Migration(number, name, context.name, path.read_text("utf-8"), down.read_text("utf-8"))
    return [found[number] for number in sorted(found)]


def definitions(context: Context) -> list[Definition]:
    """Every definition of *context*, each after those that it requires."""
    root = folder(context).joinpath("definitions")
    found: dict[str, Definition] = {}
    for kind in _KINDS:
        for path in sorted(root.joinpath(kind).glob("*.sql")):
            name = f"{context.schema}.{path.stem}"
            if name in found:
                raise ValueError(f"{name} is defined twice")
            found[name] = Definition(kind, name, path.read_text("utf-8"), path)
    graph = {name: [need for need in one.requires if need in found] for name, one in found.items()}
    return [found[name] for name in TopologicalSorter(graph).static_order()]


def storage(context: Context, engine: Engine) -> list[tuple[str, str]]:
    """Name and text of the files that make *engine* hold the tables of *context*, in order of their names."""
    return [(path.stem, path.read_text("utf-8")) for path in sorted(folder(context).joinpath(engine).glob("*.sql"))]


def fingerprint(context: Context, engine: Engine) -> str:
    """SHA-256 over the text of all definitions and storage files of *context*."""
    digest = hashlib.sha256(engine.encode())
    for name, text in storage(context, engine):
        digest.update(f"{name}\0{text}\0".encode())
    for one in definitions(context):
        digest.update(f"{one.kind}\0{one.name}\0{one.text}\0".encode())
    return digest.hexdigest()
