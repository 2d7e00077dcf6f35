"""A layered picture of a graph: from left to right, whatever came in. Deterministic: the order of the input changes nothing.

Cycles are broken first (senders may claim anything), ranks are longest paths, long edges run through places of their own, the order within a layer
comes from median sweeps (:mod:`evistore.web.sweeps`), and heights from neighbours, as near as boxes can stand without touching.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evistore.web.sweeps import Layers, heights, ordered

WIDTH = 168
HEIGHT = 40
GAP = 48
"""Between layers, in pixels."""
MOST = 60
_RIM = 16
_THREAD = 8
_MOST_PLACES = 300
"""Most places for long edges: what is longer still is left out, and counted."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its name is unique, its words are shown."""

    name: str
    label: str
    kind: str
    href: str
    told: str
    here: bool = False
    several: bool = False
    more: int = 0
    """How many neighbours are not in the picture."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation, drawn from *source* at the left to *target* at the right; *ended* ones are dotted."""

    source: str
    target: str
    words: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place, in pixels; *height* includes the line that tells of more."""

    node: Node
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge with its way; *turned* when it was drawn against its direction to break a circle."""

    edge: Edge
    path: str
    turned: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes in reading order, by layer, and the curves between them; *left_out* edges are too long to draw."""

    width: int
    height: int
    boxes: Sequence[Box]
    curves: Sequence[Curve]
    left_out: int


@dataclass(slots=True)
class _Chain:
    """An edge over the places it passes."""

    edge: Edge
    turned: bool
    places: list[int]


def picture(nodes: Iterable[Node], edges: Iterable[Edge]) -> Picture:
    """The picture of *nodes*, at most :data:`MOST` of them by name, and of the *edges* between them."""
    known = sorted({node.name: node for node in sorted(nodes, key=repr)}.values(), key=lambda node: node.name)[:MOST]
    number = {node.name: n for n, node in enumerate(known)}
    pairs = _pairs(edges, number)
    forward = _without_cycles(len(known), sorted(pairs))
    ranks = _ranks(len(known), sorted({(b, a) if turned else (a, b) for (a, b), turned in forward.items()}))
    chains, places, left_out = _chained(pairs, forward, ranks)
    tall = [_tall(node) for node in known] + [_THREAD] * (len(places) - len(known))
    layers = Layers(places, [(a, b) for chain in chains for a, b in pairwise(chain.places)], len(known))
    middle = heights(layers, ordered(layers), tall)
    boxes = [Box(node, _x(places[n]), round(middle[n] - tall[n] / 2), tall[n]) for n, node in enumerate(known)]
    drawn = [Curve(chain.edge, _path(chain, places, middle, tall), chain.turned) for chain in chains]
    return Picture(
        _x(max(places, default=0)) + WIDTH if known else 0,
        max((round(y + h / 2) for y, h in zip(middle, tall, strict=True)), default=0),
        sorted(boxes, key=lambda box: (box.x, box.y)),
        drawn,
        left_out,
    )


def _pairs(edges: Iterable[Edge], number: dict[str, int]) -> dict[tuple[int, int], Edge]:
    """One edge per pair of nodes; their words are joined."""
    found: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        if edge.source in number and edge.target in number and edge.source != edge.target:
            found.setdefault((number[edge.source], number[edge.target]), []).append(edge)
    return {pair: _joined(several) for pair, several in sorted(found.items())}


def _joined(several: Sequence[Edge]) -> Edge:
    words = ", ".join(sorted({edge.words for edge in several}))
    return Edge(several[0].source, several[0].target, words, all(edge.ended for edge in several))


def _without_cycles(count: int, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    """Every pair, and whether it must be turned: those that lead back on the way of a walk in depth."""
    following: list[list[int]] = [[] for _ in range(count)]
    entered = [0] * count
    for a, b in pairs:
        following[a].append(b)
        entered[b] += 1
    turned = dict.fromkeys(pairs, False)
    state = [0] * count  # 1: on the way, 2: done
    for start in sorted(range(count), key=lambda n: (entered[n] > 0, n)):
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(following[start]))]
        while way:
            at, rest = way[-1]
            step = next(rest, None)
            if step is None:
                state[at] = 2
                way.pop()
            elif state[step] == 1:
                turned[at, step] = True
            elif state[step] == 0:
                state[step] = 1
                way.append((step, iter(following[step])))
    return turned


def _ranks(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of every node: as far left as what comes before allows, then nearer to what comes after."""
    after: list[list[int]] = [[] for _ in range(count)]
    before = [0] * count
    for a, b in pairs:
        after[a].append(b)
        before[b] += 1
    waiting, order, ranks = list(before), [n for n in range(count) if not before[n]], [0] * count
    for at in order:
        for step in after[at]:
            ranks[step] = max(ranks[step], ranks[at] + 1)
            waiting[step] -= 1
            if not waiting[step]:
                order.append(step)
    for at in reversed(order):
        if len(after[at]) > before[at]:
            ranks[at] = min(ranks[step] for step in after[at]) - 1
    used = {rank: n for n, rank in enumerate(sorted(set(ranks)))}
    return [used[rank] for rank in ranks]


def _chained(
    pairs: dict[tuple[int, int], Edge], turned: dict[tuple[int, int], bool], ranks: Sequence[int]
) -> tuple[list[_Chain], list[int], int]:
    """Every edge as a chain of places in neighbouring layers, the layer of every place, and how many edges were too long."""
    places, chains, left_out = list(ranks), list[_Chain](), 0
    for a, b in sorted(pairs, key=lambda pair: (abs(ranks[pair[0]] - ranks[pair[1]]), pair)):
        first, last = (b, a) if turned[a, b] else (a, b)
        between = range(ranks[first] + 1, ranks[last])
        if len(places) - len(ranks) + len(between) > _MOST_PLACES:
            left_out += 1
            continue
        chains.append(_Chain(pairs[a, b], turned[a, b], [first, *range(len(places), len(places) + len(between)), last]))
        places.extend(between)
    return chains, places, left_out


def _tall(node: Node) -> int:
    return HEIGHT + (_RIM if node.more else 0)


def _x(layer: int) -> int:
    return layer * (WIDTH + GAP)


def _path(chain: _Chain, places: Sequence[int], middle: Sequence[float], tall: Sequence[int]) -> str:
    """The way of an edge: curves between layers, flat through those it passes."""

    def height(place: int) -> int:
        return round(middle[place] - tall[place] / 2 + min(HEIGHT, tall[place]) / 2)

    x, y = _x(places[chain.places[0]]) + WIDTH, height(chain.places[0])
    parts = [f"M{x} {y}"]
    for place in chain.places[1:]:
        left, to = _x(places[place]), height(place)
        parts.append(f"C{x + GAP // 2} {y} {left - GAP // 2} {to} {left} {to}")
        x, y = left + WIDTH, to
        if place != chain.places[-1]:
            parts.append(f"H{x}")
    return "".join(parts)
