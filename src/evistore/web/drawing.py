"""Where boxes of any size stand in columns, each to the right of all that it leans on, with few crossings. Pixels, from the top left.

The same boxes and lines, in any order, give the same drawing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evistore.web.sweeps import Layers, heights, ordered

Size = tuple[int, int]
Point = tuple[float, float]
Line = tuple[str, str]
"""Who leans on whom."""

_BETWEEN_COLUMNS = 72
_THREAD = 4
"""Height of the place through which a line passes a column."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Top left corners of the boxes, the points of each line from what is leant on to who leans, and the size of the whole."""

    corners: Mapping[str, Point]
    lines: Mapping[Line, Sequence[Point]]
    size: Point


def drawing(sizes: Mapping[str, Size], lines: Collection[Line]) -> Drawing:
    """Where boxes of *sizes*, width and height, stand, joined by *lines*. A circle of lines is cut somewhere."""
    names = sorted(sizes)
    known = sorted({(one, other) for one, other in lines if one != other and one in sizes and other in sizes})
    ranks = _ranks(names, known)
    columns = [ranks[name] for name in names]
    chains = {line: _chain(line, names, ranks, columns) for line in known}
    tall = [*(sizes[name][1] for name in names), *[_THREAD] * (len(columns) - len(names))]
    layers = Layers(columns, [pair for chain in chains.values() for pair in pairwise(chain)], len(names))
    middle = heights(layers, ordered(layers), tall)
    widths = [
        max((sizes[name][0] for name in names if ranks[name] == n), default=0)
        for n in range(max(columns, default=-1) + 1)
    ]
    lefts = [sum(widths[:n]) + n * _BETWEEN_COLUMNS for n in range(len(widths))]
    corners = {name: (lefts[ranks[name]], middle[n] - tall[n] / 2) for n, name in enumerate(names)}
    drawn = dict[Line, list[Point]]()
    for line, chain in chains.items():
        passed = [(lefts[columns[n]], lefts[columns[n]] + widths[columns[n]], middle[n]) for n in chain]
        drawn[line] = _way(corners[names[chain[0]]][0] + sizes[names[chain[0]]][0], passed)
    size = (
        max((corners[name][0] + sizes[name][0] for name in names), default=0.0),
        max((at + height / 2 for at, height in zip(middle, tall, strict=True)), default=0.0),
    )
    return Drawing(corners, drawn, size)


def _way(start: float, passed: Sequence[tuple[float, float, float]]) -> list[Point]:
    """From the box that ends at *start* through columns, each with its left, its right and a height: level inside, so that no box is cut."""
    (_, right, height), *between, (left, _, last) = passed
    inside = [point for edge, other, level in between for point in ((edge, level), (other, level))]
    return [(start, height), (right, height), *inside, (left, last)]


def _ranks(names: Iterable[str], lines: Sequence[Line]) -> dict[str, int]:
    """The column of each box: one more than the furthest of those it leans on."""
    leans: dict[str, list[str]] = {}
    for one, other in lines:
        leans.setdefault(one, []).append(other)
    ranks: dict[str, int] = {}

    def rank(name: str, above: frozenset[str]) -> int:
        if name not in ranks:
            below = [rank(other, above | {name}) for other in leans.get(name, []) if other not in above]
            ranks[name] = max(below, default=-1) + 1
        return ranks[name]

    for name in names:
        rank(name, frozenset({name}))
    return ranks


def _chain(line: Line, names: Sequence[str], ranks: Mapping[str, int], columns: list[int]) -> list[int]:
    """The places of a line from column to column; where it only passes, a new place is added to *columns*."""
    left, right = sorted((line[1], line[0]), key=lambda name: ranks[name])
    between = range(ranks[left] + 1, ranks[right])
    first = len(columns)
    columns.extend(between)
    return [names.index(left), *range(first, len(columns)), names.index(right)]
