"""How the tables and views of a schema lean on each other, as a picture: boxes, lines, and what stands alone.

Views that read the same and that nobody reads share a box: twenty boxes with the same two lines would hide the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evistore.kernel.catalogue import Relation, Schema


@dataclass(frozen=True, slots=True)
class Box:
    """Relations of one kind that lean on the same; mostly one."""

    relations: tuple[Relation, ...]

    @property
    def name(self) -> str:
        """The full name of the first."""
        return self.relations[0].full_name

    @property
    def kind(self) -> str:
        """``table`` or what sort of view."""
        return self.relations[0].kind


@dataclass(frozen=True, slots=True)
class Line:
    """Box *one* leans on box *other*: by reading it, or by the *columns* of a foreign key."""

    one: str
    other: str
    columns: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What leans on what in one schema, with those of other schemas that it leans on; ``alone`` is in no relation."""

    boxes: list[Box]
    lines: list[Line]
    alone: list[Relation]


def picture(schema: Schema, schemas: Sequence[Schema]) -> Picture:
    """The relations of *schema*; *schemas* is where those that it leans on are found."""
    every = {one.full_name: one for other in schemas for one in other.relations}
    pairs = [pair for one in schema.relations for pair in _leans(one) if pair[1] in every]
    joined = {name for one, other, _ in pairs for name in (one, other)}
    boxes = _boxes([every[name] for name in sorted(joined)])
    home = {one.full_name: box.name for box in boxes for one in box.relations}
    lines = {(home[one], home[other], columns): None for one, other, columns in pairs if home[one] != home[other]}
    alone = [one for one in schema.relations if one.full_name not in joined]
    return Picture(boxes, [Line(*line) for line in lines], alone)


def _leans(one: Relation) -> list[tuple[str, str, tuple[str, ...] | None]]:
    by_key = [(one.full_name, key.target, tuple(key.columns)) for key in one.keys if key.target]
    return [*by_key, *((one.full_name, source, None) for source in one.reads)]


def _boxes(relations: Sequence[Relation]) -> list[Box]:
    found: dict[tuple[str, ...], list[Relation]] = {}
    for one in relations:
        shared = one.kind != "table" and not one.read_by
        place = (one.schema, one.kind, *one.reads) if shared else (one.full_name,)
        found.setdefault(place, []).append(one)
    return [Box(tuple(members)) for members in found.values()]
