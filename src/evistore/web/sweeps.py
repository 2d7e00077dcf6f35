"""The order and the heights of places in layers: few crossings, short ways, nothing that touches."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

_ROOM = 12
"""Between two places of a layer, in pixels."""
_ROUNDS = 8
_SMOOTHINGS = 5
_STRAIGHT = 4.0
"""How much more it counts that a long edge is straight."""

Order = list[list[int]]


class Layers:
    """Places in layers, with edges between neighbouring layers only; the first *real* places are nodes."""

    def __init__(self, places: Sequence[int], edges: Sequence[tuple[int, int]], real: int) -> None:
        """Take the layer of every place, and the *edges* from left to right."""
        self.real = real
        self.layers: Order = [[] for _ in range(max(places, default=-1) + 1)]
        for place, layer in enumerate(places):
            self.layers[layer].append(place)
        self.before: list[list[int]] = [[] for _ in places]
        self.after: list[list[int]] = [[] for _ in places]
        for a, b in edges:
            self.after[a].append(b)
            self.before[b].append(a)


def ordered(layers: Layers) -> Order:
    """The places of each layer from top to bottom: the best of several sweeps by medians, mended by swaps of neighbours."""
    best, least = layers.layers, _crossings(layers, layers.layers)
    for start in (layers.layers, [list(reversed(layer)) for layer in layers.layers]):
        order = [list(layer) for layer in start]
        for turn in range(_ROUNDS):
            if least == 0:
                return best
            _sweep(layers, order, back=bool(turn % 2))
            if (found := _crossings(layers, order)) < least:
                best, least = [list(layer) for layer in order], found
    return _swapped(layers, best)


def _sweep(layers: Layers, order: Order, *, back: bool) -> None:
    """Order each layer by the medians of its neighbours in the layer that came before in this direction."""
    near = layers.after if back else layers.before
    numbers = range(len(order) - 2, -1, -1) if back else range(1, len(order))
    for n in numbers:
        place = {one: at for at, one in enumerate(order[n + 1 if back else n - 1])}
        keys = {one: _median(sorted(place[other] for other in near[one]), at) for at, one in enumerate(order[n])}
        order[n].sort(key=keys.__getitem__)


def _median(places: Sequence[int], own: int) -> float:
    if not places:
        return float(own)
    half = len(places) // 2
    return float(places[half]) if len(places) % 2 else (places[half - 1] + places[half]) / 2


def _crossings(layers: Layers, order: Order) -> int:
    """How often edges cross."""
    total = 0
    for left, right in pairwise(order):
        place = {one: at for at, one in enumerate(right)}
        ends: list[int] = []
        for one in left:
            found = sorted(place[other] for other in layers.after[one])
            total += sum(len(ends) - bisect_right(ends, end) for end in found)
            for end in found:
                insort(ends, end)
    return total


def _swapped(layers: Layers, order: Order) -> Order:
    """*order* with neighbours swapped wherever that takes crossings away; one pass."""
    mended = [list(layer) for layer in order]
    for n, layer in enumerate(mended):
        sides = [(layers.before, other) for other in mended[max(0, n - 1) : n]]
        sides += [(layers.after, other) for other in mended[n + 1 : n + 2]]
        near = [({one: at for at, one in enumerate(other)}, side) for side, other in sides]
        ends = {one: [sorted(place[o] for o in side[one]) for place, side in near] for one in layer}
        for at in range(len(layer) - 1):
            upper, lower = ends[layer[at]], ends[layer[at + 1]]
            if sum(map(_across, lower, upper)) < sum(map(_across, upper, lower)):
                layer[at], layer[at + 1] = layer[at + 1], layer[at]
    return mended


def _across(upper: Sequence[int], lower: Sequence[int]) -> int:
    """How often the edges of two neighbours cross when *upper* is above."""
    return sum(len(upper) - bisect_right(upper, end) for end in lower)


def heights(layers: Layers, order: Order, tall: Sequence[int]) -> list[float]:
    """The middle of every place, from zero down: near its neighbours, in *order*, each with its room."""
    middle = [0.0] * len(tall)
    for layer in order:
        _stack(layer, [0.0] * len(layer), [1.0] * len(layer), tall, middle)
    for turn in range(_SMOOTHINGS):
        for n in range(len(order)) if turn % 2 == 0 else range(len(order) - 1, -1, -1):
            wanted = [
                _wanted(layers, one, middle, both=turn == _SMOOTHINGS - 1, back=turn % 2 == 1) for one in order[n]
            ]
            weights = [
                _STRAIGHT if one >= layers.real else 1.0 + len(layers.before[one]) + len(layers.after[one])
                for one in order[n]
            ]
            _stack(order[n], wanted, weights, tall, middle)
    top = min((middle[one] - tall[one] / 2 for one in range(len(tall))), default=0.0)
    return [one - top for one in middle]


def _wanted(layers: Layers, one: int, middle: Sequence[float], *, both: bool, back: bool) -> float:
    near = layers.before[one] + layers.after[one] if both else layers.after[one] if back else layers.before[one]
    if not near:
        return middle[one]
    weights = [_STRAIGHT if one >= layers.real and other >= layers.real else 1.0 for other in near]
    return sum(weight * middle[other] for weight, other in zip(weights, near, strict=True)) / sum(weights)


def _stack(
    layer: Sequence[int], wanted: Sequence[float], weights: Sequence[float], tall: Sequence[int], middle: list[float]
) -> None:
    """Put the places of *layer* as near to where they are *wanted* as their order and their room allow.

    (Least squares: neighbours that would touch are pooled and share their mean.)
    """
    shifts: list[float] = []
    down = 0.0
    for at, one in enumerate(layer):
        down += (tall[layer[at - 1]] + tall[one]) / 2 + _ROOM if at else 0.0
        shifts.append(down)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for want, weight, shift in zip(wanted, weights, shifts, strict=True):
        mean, total, size = want - shift, weight, 1
        while pools and pools[-1][0] >= mean:
            other, more, number = pools.pop()
            mean, total, size = (mean * total + other * more) / (total + more), total + more, size + number
        pools.append((mean, total, size))
    means = [mean for mean, _, size in pools for _ in range(size)]
    for one, mean, shift in zip(layer, means, shifts, strict=True):
        middle[one] = mean + shift
