"""Where the boxes of a drawing stand: in columns, each to the right of all that it leans on, with few crossings. Pixels, from the top left.

The same boxes and lines, in any order, give the same drawing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Size = tuple[float, float]
Point = tuple[float, float]
Line = tuple[str, str]
"""Who leans on whom."""

_BETWEEN_COLUMNS, _BETWEEN_ROWS = 72.0, 12.0
_SWEEPS, _PULLS = 12, 8


@dataclass(frozen=True, slots=True)
class Drawing:
    """Top left corners of the boxes, the points of each line from what is leant on to who leans, and the size of the whole."""

    corners: Mapping[str, Point]
    lines: Mapping[Line, Sequence[Point]]
    size: Size


def drawing(sizes: Mapping[str, Size], lines: Collection[Line]) -> Drawing:
    """Where boxes of *sizes* stand, joined by *lines*. A circle of lines is cut somewhere."""
    known = sorted({(one, other) for one, other in lines if one != other and one in sizes and other in sizes})
    ranks = _ranks(sorted(sizes), known)
    chains = {line: _chain(line, ranks) for line in known}
    columns = _columns(sizes, ranks, chains)
    near = _near(chains.values())
    _untangle(columns, near)
    extent = {name: sizes.get(name, (0.0, 0.0)) for column in columns for name in column}
    tops = _tops(columns, near, extent)
    lefts = _lefts(columns, extent)
    corners = {name: (lefts[number], tops[name]) for number, column in enumerate(columns) for name in column}
    widths = {name: max(extent[other][0] for other in column) for column in columns for name in column}
    drawn = {line: _points(chain, corners, extent, widths) for line, chain in chains.items()}
    width, height = (max((corners[name][n] + extent[name][n] for name in extent), default=0.0) for n in (0, 1))
    return Drawing({name: corners[name] for name in sizes}, drawn, (width, height))


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


def _chain(line: Line, ranks: Mapping[str, int]) -> list[str]:
    """The stations of a line from column to column, with a point of its own in each that it only passes."""
    one, other = line
    left, right = sorted((other, one), key=lambda name: ranks[name])
    return [left, *(f"{other}\0{one}\0{n}" for n in range(ranks[left] + 1, ranks[right])), right]


def _columns(
    sizes: Mapping[str, Size], ranks: Mapping[str, int], chains: Mapping[Line, Sequence[str]]
) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name in sorted(sizes):
        columns[ranks[name]].append(name)
    for chain in chains.values():
        for n, name in enumerate(chain[1:-1], ranks[chain[0]] + 1):
            columns[n].append(name)
    return columns


def _near(chains: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for chain in chains:
        for one, other in pairwise(chain):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    return near


def _untangle(columns: list[list[str]], near: Mapping[str, Sequence[str]]) -> None:
    """Order each column by where its neighbours stand, there and back, and keep the order with the fewest crossings."""
    best, fewest = [list(column) for column in columns], _crossings(columns, near)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            place = {name: n / len(other) for other in columns for n, name in enumerate(other)}
            column.sort(key=lambda name: _mean([place[other] for other in near.get(name, [])], place[name]))
        crossings = _crossings(columns, near)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    columns[:] = best


def _crossings(columns: Sequence[Sequence[str]], near: Mapping[str, Sequence[str]]) -> int:
    number = 0
    for left, right in pairwise(columns):
        place = {name: n for n, name in enumerate(right)}
        ends = [n for name in left for n in sorted(place[other] for other in near.get(name, []) if other in place)]
        number += sum(before > after for n, before in enumerate(ends) for after in ends[n + 1 :])
    return number


def _tops(
    columns: Sequence[Sequence[str]], near: Mapping[str, Sequence[str]], extent: Mapping[str, Size]
) -> dict[str, float]:
    """The upper edge of each box: as level with its neighbours as the others of its column allow."""
    tops: dict[str, float] = {}
    for column in columns:
        y = 0.0
        for name in column:
            tops[name] = y
            y += extent[name][1] + _BETWEEN_ROWS
    for pull in range(_PULLS):
        for column in columns if pull % 2 else reversed(columns):
            tops |= _levelled(column, tops, near, extent)
    highest = min(tops.values(), default=0.0)
    return {name: y - highest for name, y in tops.items()}


def _levelled(
    column: Sequence[str], tops: Mapping[str, float], near: Mapping[str, Sequence[str]], extent: Mapping[str, Size]
) -> dict[str, float]:
    def middle(name: str) -> float:
        return tops[name] + extent[name][1] / 2

    wished = [
        _mean([middle(other) for other in near.get(name, [])], middle(name)) - extent[name][1] / 2 for name in column
    ]
    down, up = list(wished), list(wished)
    for n in range(1, len(column)):
        down[n] = max(down[n], down[n - 1] + extent[column[n - 1]][1] + _BETWEEN_ROWS)
    for n in range(len(column) - 2, -1, -1):
        up[n] = min(up[n], up[n + 1] - extent[column[n]][1] - _BETWEEN_ROWS)
    return {name: (down[n] + up[n]) / 2 for n, name in enumerate(column)}


def _lefts(columns: Sequence[Sequence[str]], extent: Mapping[str, Size]) -> list[float]:
    lefts, x = list[float](), 0.0
    for column in columns:
        lefts.append(x)
        x += max((extent[name][0] for name in column), default=0.0) + _BETWEEN_COLUMNS
    return lefts


def _points(
    chain: Sequence[str], corners: Mapping[str, Point], extent: Mapping[str, Size], widths: Mapping[str, float]
) -> list[Point]:
    """From box to box; inside a column the line runs level, so that it cuts no wider neighbour."""
    points = list[Point]()
    for n, name in enumerate(chain):
        (x, top), (width, height) = corners[name], extent[name]
        y = top + height / 2
        if n < len(chain) - 1:
            points += [(x + width, y), (x + widths[name], y)]
        else:
            points.append((x, y))
    return points


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
