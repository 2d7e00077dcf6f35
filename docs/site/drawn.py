"""Drawings of boxes and arrows as SVG that is read aloud, prints, and has the colours of the page or its own, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from evistore.web.drawing import Point, Size, drawing

_LETTER, _WORDS, _LINE, _EDGE, _MARGIN = 7.3, 6.4, 18, 9, 2
_COLOURS = {
    "ink": ("#16191d", "#e3e7eb"),
    "quiet": ("#59626d", "#98a3ae"),
    "line": ("#c4cbd2", "#434b54"),
    "ground": ("#ffffff", "#121518"),
    "soft": ("#f5f7f9", "#1a1e22"),
    "accent": ("#0b57a4", "#7fb8f3"),
}
STYLE = (
    """
.drawing { %s }
@media (prefers-color-scheme: dark) { .drawing { %s } }
.drawing text { font: 12px/18px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: var(--p-ink); }
.drawing .words { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; fill: var(--p-quiet); }
.drawing .head { font-weight: 650; fill: var(--p-ink); }
.drawing rect { fill: var(--p-soft); stroke: var(--p-line); }
.drawing .open rect { fill: var(--p-ground); stroke: var(--p-quiet); stroke-dasharray: 2 2; }
.drawing .strong rect { fill: var(--p-ground); stroke: var(--p-accent); stroke-width: 1.5; }
.drawing path { fill: none; stroke: var(--p-quiet); }
.drawing .dotted { stroke-dasharray: 2 3; }
.drawing .tip { fill: var(--p-quiet); stroke: none; }
""".strip()
    % tuple(
        " ".join(f"--p-{name}: var(--picture-{name}, {both[dark]});" for name, both in _COLOURS.items())
        for dark in (0, 1)
    )
)


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of text in a frame: *names*, which are code, between words; *kind* is ``table``, ``open`` or ``strong``."""

    key: str
    names: tuple[str, ...]
    kind: str = "table"
    head: str = ""
    foot: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Every line, with its class."""
        above = [(self.head, "words head")] if self.head else []
        return [*above, *((name, "") for name in self.names), *((line, "words") for line in self.foot)]

    @property
    def size(self) -> Size:
        """Width and height, in pixels."""
        width = max(len(text) * (_WORDS if kind == "words" else _LETTER) for text, kind in self.lines)
        return round(width + 2 * _EDGE), len(self.lines) * _LINE + _EDGE


@dataclass(frozen=True, slots=True)
class Arrow:
    """From box *one*, on the left, to box *other*; ``dotted`` or with a *tip*."""

    one: str
    other: str
    dotted: bool = False
    tip: bool = True


def plan(title: str, told: str, boxes: Sequence[Box], arrows: Iterable[Arrow]) -> str:
    """The boxes in columns, each to the right of all whose arrows lead to it. *told* says the same in words."""
    known = sorted(set(arrows), key=lambda one: (one.one, one.other))
    drawn = drawing({box.key: box.size for box in boxes}, [(arrow.other, arrow.one) for arrow in known])
    lines = [
        _arrow(arrow, drawn.lines[arrow.other, arrow.one]) for arrow in known if (arrow.other, arrow.one) in drawn.lines
    ]
    parts = [framed(box, drawn.corners[box.key]) for box in sorted(boxes, key=lambda one: one.key)]
    return svg(title, told, drawn.size, [*lines, *parts])


def svg(title: str, told: str, size: Point, parts: Iterable[str]) -> str:
    """A whole picture of *parts* on a ground of *size*."""
    width, height = (round(side) + 2 * _MARGIN for side in size)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" aria-label="{escape(title)}"',
            f' width="{width}" height="{height}" viewBox="{-_MARGIN} {-_MARGIN} {width} {height}">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(told)}</desc>",
            f"<style>\n{STYLE}\n</style>",
            *parts,
            "</svg>\n",
        ]
    )


def framed(box: Box, corner: Point, size: Size | None = None) -> str:
    """A box at its place, as large as it has to be, or of *size*."""
    width, height = size or box.size
    told = "".join(
        f'<text{_class(kind)} x="{_EDGE}" y="{n * _LINE + _EDGE / 2 + 13:g}">{escape(text)}</text>'
        for n, (text, kind) in enumerate(box.lines)
    )
    radius = 9 if box.kind == "open" else 2
    return (
        f'<g{_class(box.kind)} transform="translate({corner[0]:.1f} {corner[1]:.1f})">'
        f'<rect width="{width}" height="{height}" rx="{radius}"/>{told}</g>'
    )


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _arrow(arrow: Arrow, points: Sequence[Point]) -> str:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (x + to_x) / 2
        path += f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    x, y = points[-1]
    tip = f'<path class="tip" d="M{x:.1f} {y:.1f}l-7 -3.5v7z"/>' if arrow.tip else ""
    return f'<path{_class("dotted" if arrow.dotted else "")} d="{path}"/>{tip}'
