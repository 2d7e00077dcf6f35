"""The description of a database for people: Markdown pages that are kept with the source, or one HTML page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from evistore.kernel.catalogue import Relation, Schema
from evistore.kernel.relations import Box, Picture, picture
from evistore.web.drawing import Point, Size, drawing

Form = Literal["markdown", "html"]
TITLE = "What the database holds"

_LETTER, _LINE, _EDGE = 7.3, 18.0, 10.0  # of the diagram's font, in pixels
_SHORT_TYPES = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "character varying": "varchar",
    "double precision": "float8",
}
_LONG_TYPES = re.compile("|".join(_SHORT_TYPES))
_SHORTENED = 4  # names of one box in the Markdown diagram


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of text in a box."""

    relation: Relation
    y: float
    more: str


@dataclass(frozen=True, slots=True)
class _DrawnBox:
    x: float
    y: float
    width: float
    height: float
    kind: str
    rows: list[_Row]


@dataclass(frozen=True, slots=True)
class _DrawnLine:
    path: str
    end: Point
    by_key: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Diagram:
    boxes: list[_DrawnBox]
    lines: list[_DrawnLine]
    width: float
    height: float


def told(schemas: Sequence[Schema], form: Form) -> str:
    """One text about *schemas* with everything in it: diagrams, anchors by full name; the HTML with its style."""
    if form == "markdown":
        return _markdown("schema.md", schemas, schemas, title=TITLE, note="", apart=False)
    drawn = [(schema, _diagram(picture(schema, schemas), schema.name)) for schema in schemas]
    return _environment().get_template("schema.html").render(drawn=drawn, known=_known(schemas), title=TITLE)


def pages(schemas: Sequence[Schema], form: Form, *, note: str = "") -> dict[str, str]:
    """What to write into a folder, by file name; *note* stands below the titles.

    HTML is one page; Markdown one for each of *schemas* and ``README.md``, which leads to them.
    """
    if form == "html":
        return {"index.html": told(schemas, form)}
    index = _markdown("schema_index.md", schemas, schemas, title=TITLE, note=note, apart=True)
    every = {
        f"{one.name}.md": _markdown("schema.md", [one], schemas, title=f"Schema `{one.name}`", note=note, apart=True)
        for one in schemas
    }
    return {"README.md": index, **every}


def _markdown(template: str, shown: Sequence[Schema], every: Sequence[Schema], *, apart: bool, **values: str) -> str:
    """A Markdown page; *apart* says that each schema has a file of its own."""
    known = _known(every)

    def link(name: str) -> str:
        place = f"{name.partition('.')[0]}.md#{name}" if apart else f"#{name}"
        return f"[{_cell(name)}]({place})" if name in known else f"`{name}`"

    pictures = [(schema, picture(schema, every)) for schema in shown]
    text = _environment().get_template(template).render(pictures=pictures, link=link, **values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _known(schemas: Sequence[Schema]) -> set[str]:
    """Full names of everything that has an anchor."""
    return {one.full_name for schema in schemas for one in (*schema.relations, *schema.functions)}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("evistore.web"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {"short": _short, "cell": _cell, "code": _code, "few": _few}
    environment.filters.update(filters)
    return environment


def _short(sort: str) -> str:
    """A type, or code that names types, as people write it."""
    return _LONG_TYPES.sub(lambda match: _SHORT_TYPES[match[0]], sort)


def _cell(text: str | None) -> str:
    """Text that can stand in a Markdown table and is only text there."""
    return re.sub(r"([\\`*\[\]<>|&])", r"\\\1", " ".join((text or "").split()))


def _code(text: str) -> str:
    """Code that can stand in a Markdown table."""
    flat = " ".join(text.split()).replace("|", "\\|")
    return f"`` {flat} ``" if "`" in flat else f"`{flat}`"


def _few(box: Box, schema: str) -> str:
    """The names in a box of the Markdown diagram of *schema*; a long list is cut."""
    names = [_name(one, schema) for one in box.relations]
    if len(names) > _SHORTENED:
        names = [*names[: _SHORTENED - 1], f"and {len(names) - _SHORTENED + 1} more"]
    return "<br>".join(name.replace('"', "#quot;") for name in names)


def _diagram(shown: Picture, schema: str) -> _Diagram | None:
    """Boxes and lines of *shown* in pixels, or ``None`` when there is nothing to draw."""
    if not shown.boxes:
        return None
    texts = {box.name: [(one, _name(one, schema), _more(one)) for one in box.relations] for box in shown.boxes}
    sizes = {name: _size([f"{first}  {more}" for _, first, more in rows]) for name, rows in texts.items()}
    plan = drawing(sizes, [(line.one, line.other) for line in shown.lines])
    boxes = [_drawn_box(box, plan.corners[box.name], sizes[box.name], texts[box.name]) for box in shown.boxes]
    lines = [
        _DrawnLine(_curve(points), points[0], line.columns is not None, ", ".join(line.columns or ()))
        for line in shown.lines
        for points in [plan.lines.get((line.one, line.other))]
        if points
    ]
    return _Diagram(boxes, lines, *plan.size)


def _name(one: Relation, schema: str) -> str:
    return one.name if one.schema == schema else one.full_name


def _more(one: Relation) -> str:
    """What identifies a row."""
    return ", ".join(one.primary)


def _size(texts: Sequence[str]) -> Size:
    return round(max(map(len, texts)) * _LETTER + 2 * _EDGE), round(len(texts) * _LINE + _EDGE)


def _drawn_box(box: Box, corner: Point, size: Size, texts: Sequence[tuple[Relation, str, str]]) -> _DrawnBox:
    rows = [_Row(one, n * _LINE + _EDGE / 2 + _LINE * 0.72, more) for n, (one, _, more) in enumerate(texts)]
    return _DrawnBox(*corner, *size, "table" if box.kind == "table" else "view", rows)


def _curve(points: Sequence[Point]) -> str:
    """A path through *points* that leaves and arrives level."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (x + to_x) / 2
        path += f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    return path
