"""A layered picture: nothing touches, everything leads to the right, and nothing that senders claim breaks it."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evistore.web.layers import HEIGHT, MOST, WIDTH, Edge, Node, picture

NAMES = st.text(max_size=6)
NODES = st.lists(NAMES, max_size=80)
EDGES = st.lists(st.tuples(NAMES | st.sampled_from("abcdef"), NAMES | st.sampled_from("abcdef")), max_size=200)


def node(name, **more):
    return Node(name, name, "artifact", "/subject", f"artifact {name}", **more)


def drawn(names, pairs, **more):
    return picture([node(name, **more) for name in names], [Edge(a, b, "uses") for a, b in pairs])


def places(found):
    return {box.node.name: (box.x, box.y) for box in found.boxes}


def numbers(path):
    return [int(number) for number in re.findall(r"-?\d+", path)]


@given(NODES, EDGES)
def test_boxes_never_overlap_and_stand_inside(names, pairs):
    found = drawn([*names, *"abcdef"], pairs, more=3)
    by_layer = {}
    for box in found.boxes:
        by_layer.setdefault(box.x, []).append(box)

    for boxes in by_layer.values():
        for above, below in pairwise(boxes):
            assert above.y + above.height <= below.y
    assert all(0 <= box.x <= found.width - WIDTH and 0 <= box.y <= found.height - HEIGHT for box in found.boxes)


@given(NODES, EDGES)
def test_every_edge_leads_from_left_to_right(names, pairs):
    found = drawn([*names, *"abcdef"], pairs)
    at = places(found)

    for curve in found.curves:
        ends = (curve.edge.target, curve.edge.source) if curve.turned else (curve.edge.source, curve.edge.target)
        assert at[ends[0]][0] < at[ends[1]][0]
        way = numbers(curve.path)
        assert way[0] == at[ends[0]][0] + WIDTH
        assert way[-2] == at[ends[1]][0]


@given(NODES, EDGES, st.randoms(use_true_random=False))
def test_the_order_of_what_came_in_changes_nothing(names, pairs, chance):
    shuffled_names, shuffled_pairs = list(names), list(pairs)
    chance.shuffle(shuffled_names)
    chance.shuffle(shuffled_pairs)

    assert drawn(names, pairs) == drawn(shuffled_names, shuffled_pairs)


@given(st.integers(0, 70), st.integers(0, 400), st.integers())
def test_every_edge_between_two_boxes_is_drawn_or_counted(size, count, seed):
    chance = random.Random(seed)
    names = [f"n{n:02}" for n in range(size)]
    pairs = [(chance.choice(names), chance.choice(names)) for _ in range(count if names else 0)]
    found = drawn(names, pairs)
    kept = set(names[:MOST])

    assert len(found.boxes) == len(kept)
    assert len(found.curves) + found.left_out == len({(a, b) for a, b in pairs if a != b and {a, b} <= kept})


def test_a_circle_is_broken_at_one_edge():
    found = drawn("abc", ["ab", "bc", "ca"])

    assert [curve.turned for curve in found.curves].count(True) == 1
    assert len({x for x, _ in places(found).values()}) == 3


def test_a_chain_is_a_straight_line():
    found = drawn("abcd", ["ab", "bc", "cd"])

    assert len({y for _, y in places(found).values()}) == 1


def test_two_trees_do_not_cross():
    found = drawn("abcdef", ["ac", "ad", "be", "bf"])
    at = places(found)

    assert (at["a"][1] < at["b"][1]) == (max(at["c"][1], at["d"][1]) < min(at["e"][1], at["f"][1]))


def test_nothing_gives_an_empty_picture():
    assert (drawn([], []).width, drawn([], []).height, drawn([], []).boxes) == (0, 0, [])


def dense(seed):
    chance = random.Random(seed)
    names = [f"n{n:02}" for n in range(60)]
    pairs = [(names[chance.randrange(max(0, n - 12), n)], names[n]) for n in range(1, 60) for _ in range(2)]
    return names, pairs


@pytest.mark.parametrize("seed", range(3))
def test_sixty_nodes_take_less_than_thirty_milliseconds(seed):
    names, pairs = dense(seed)
    spent = []
    for _ in range(7):
        began = time.thread_time()
        drawn(names, pairs)
        spent.append(time.thread_time() - began)

    assert min(spent) < 0.030


def test_everything_tied_to_everything_is_still_drawn_in_time():
    names = [f"n{n:02}" for n in range(60)]
    began = time.thread_time()
    found = drawn(names, [(a, b) for a in names for b in names])

    assert time.thread_time() - began < 1
    assert found.left_out > 0
