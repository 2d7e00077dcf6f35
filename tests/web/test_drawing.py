"""Where the boxes of a drawing stand."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from evistore.web.drawing import drawing

NAMES = st.sampled_from([f"box {n}" for n in range(12)])
SIZES = st.dictionaries(NAMES, st.tuples(st.integers(20, 300), st.integers(20, 400)), min_size=1)
LINES = st.lists(st.tuples(NAMES, NAMES), max_size=30)


@given(SIZES, LINES)
def test_boxes_never_cover_each_other(sizes, lines):
    plan = drawing(sizes, lines)
    assert plan.corners.keys() == sizes.keys()
    for one, other in combinations(sizes, 2):
        (x, y), (width, height) = plan.corners[one], sizes[one]
        (other_x, other_y), (other_width, other_height) = plan.corners[other], sizes[other]
        beside = x + width <= other_x or other_x + other_width <= x
        assert beside or y + height <= other_y + 0.01 or other_y + other_height <= y + 0.01


@given(SIZES, LINES)
def test_everything_is_inside_the_drawing(sizes, lines):
    plan = drawing(sizes, lines)
    for name, (width, height) in sizes.items():
        x, y = plan.corners[name]
        assert 0 <= x <= plan.size[0] - width + 0.01
        assert -0.01 <= y <= plan.size[1] - height + 0.01


@given(SIZES, LINES, st.randoms())
def test_the_order_of_what_is_given_changes_nothing(sizes, lines, chance):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert drawing(dict(reversed(sizes.items())), shuffled) == drawing(sizes, lines)


@given(SIZES, LINES)
def test_who_leans_stands_to_the_right(sizes, lines):
    downhill = [(one, other) for one, other in lines if one > other]
    plan = drawing(sizes, downhill)
    for one, other in downhill:
        if one in sizes and other in sizes:
            assert plan.corners[one][0] > plan.corners[other][0]


def test_a_line_over_three_columns_passes_beside_the_box_between():
    sizes = dict.fromkeys(["a", "b", "c"], (100, 30))
    plan = drawing(sizes, [("b", "a"), ("c", "b"), ("c", "a")])
    (x, top), (width, height) = plan.corners["b"], sizes["b"]
    passing = [y for px, y in plan.lines["c", "a"] if x <= px <= x + width]
    assert passing
    assert all(not top < y < top + height for y in passing)


def test_lines_do_not_cross_where_they_need_not():
    sizes = dict.fromkeys(["a", "b", "x", "y"], (100, 30))
    plan = drawing(sizes, [("x", "b"), ("y", "a")])
    assert (plan.corners["x"][1] < plan.corners["y"][1]) == (plan.corners["b"][1] < plan.corners["a"][1])


def test_nothing_is_an_empty_drawing():
    assert drawing({}, []).size == (0.0, 0.0)
