"""What the schemas of a database hold, as its catalogue tells: tables and views with columns, keys and indexes, functions, types, relations.

Partitions and what extensions brought along are left out, so that both storage engines have one description.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "catalogue")

SCHEMAS = ("cdviz", "public", "dvo", "clusters", "evistore")
"""Where the evidence stands, and last what the program keeps for itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``preset`` is what stands there when an INSERT does not say."""

    schema: str
    relation: str
    name: str
    type: str
    nullable: bool
    preset: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """One constraint: ``primary``, ``unique``, ``foreign``, ``exclusion`` or ``check``. ``target`` is what a foreign key points at."""

    schema: str
    relation: str
    name: str
    kind: str
    definition: str
    columns: list[str]
    target: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """One index that no constraint made."""

    schema: str
    relation: str
    name: str
    definition: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger and the function that it calls."""

    schema: str
    relation: str
    name: str
    definition: str
    calls: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """One table or view. ``reads`` and ``read_by`` are the relations next to it, by full name."""

    schema: str
    name: str
    kind: str
    partitioned_by: str | None
    readers: list[str]
    comment: str | None
    columns: list[Column] = field(default_factory=list[Column])
    keys: list[Key] = field(default_factory=list[Key])
    indexes: list[Index] = field(default_factory=list[Index])
    triggers: list[Trigger] = field(default_factory=list[Trigger])
    reads: list[str] = field(default_factory=list[str])
    read_by: list[str] = field(default_factory=list[str])

    @property
    def full_name(self) -> str:
        """The name with its schema; the object's anchor in every description."""
        return f"{self.schema}.{self.name}"

    @property
    def primary(self) -> list[str]:
        """Names of the columns of the primary key."""
        return next((key.columns for key in self.keys if key.kind == "primary"), list[str]())


@dataclass(frozen=True, slots=True)
class Function:
    """One function, procedure or aggregate; ``number`` tells those of one name apart."""

    schema: str
    name: str
    kind: str
    arguments: str
    result: str | None
    as_owner: bool
    callers: list[str]
    comment: str | None
    number: int

    @property
    def full_name(self) -> str:
        """The name with its schema and a pair of brackets; a number behind it from the second of a name on."""
        return f"{self.schema}.{self.name}()" + (f"-{self.number}" if self.number > 1 else "")


@dataclass(frozen=True, slots=True)
class Type:
    """One type that is no table's."""

    schema: str
    name: str
    kind: str
    definition: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema with everything in it, each kind by name."""

    name: str
    comment: str | None
    relations: list[Relation] = field(default_factory=list[Relation])
    functions: list[Function] = field(default_factory=list[Function])
    types: list[Type] = field(default_factory=list[Type])

    @property
    def tables(self) -> list[Relation]:
        """What holds rows."""
        return [one for one in self.relations if one.kind == "table"]

    @property
    def views(self) -> list[Relation]:
        """What computes rows, materialized or not."""
        return [one for one in self.relations if one.kind != "table"]


@dataclass(frozen=True, slots=True)
class _Reading:
    view: str
    source: str


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    comment: str | None


class _Part(Protocol):
    @property
    def schema(self) -> str: ...
    @property
    def relation(self) -> str: ...


P = TypeVar("P", bound=_Part)


def catalogue(tx: Transaction, schemas: Iterable[str]) -> list[Schema]:
    """Those of *schemas* that hold something, in the given order.

    Raises:
        NotFound: none of them does.
    """
    asked = list(schemas)
    relations = _relations(tx, asked)
    functions, types = tx.all(Function, SQL["functions"], schemas=asked), tx.all(Type, SQL["types"], schemas=asked)
    every = [
        Schema(one.name, one.comment, *(list(_of(one.name, kind)) for kind in (relations, functions, types)))
        for one in tx.all(_Named, SQL["schemas"], schemas=asked)
    ]
    found = [schema for schema in every if schema.relations or schema.functions or schema.types]
    if not found:
        raise NotFound(f"nothing of ours stands in the schemas {', '.join(asked)}", code="schema-empty")
    return found


def _relations(tx: Transaction, schemas: list[str]) -> list[Relation]:
    """Every table and view with all that belongs to it."""
    relations = {one.full_name: one for one in tx.all(Relation, SQL["relations"], schemas=schemas)}
    for name, kind in (("columns", Column), ("keys", Key), ("indexes", Index), ("triggers", Trigger)):
        for part in tx.all(kind, SQL[name], schemas=schemas):
            owner = relations.get(f"{part.schema}.{part.relation}")
            if owner:
                getattr(owner, name).append(part)
    for one in tx.all(_Reading, SQL["reads"], schemas=schemas):
        if one.view in relations and one.source in relations:
            relations[one.view].reads.append(one.source)
            relations[one.source].read_by.append(one.view)
    return list(relations.values())


def _of(schema: str, objects: Iterable[Any]) -> Iterator[Any]:
    return (one for one in objects if one.schema == schema)
