"""The neighbourhood of a subject as a picture: origins left, consequences right, siblings as one box, nothing lost without a word."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from evistore.delivery.graph_picture import SIBLINGS, neighbourhood
from evistore.delivery.provenance import Edge, Node, Reach
from evistore.web.layers import MOST

AT = datetime(2026, 3, 20, tzinfo=UTC)
KINDS = st.sampled_from(["artifact", "service", "testcaserun", "chain"])
IDS = st.text(max_size=4) | st.sampled_from(
    ["pkg:oci/shop@1", "pkg:", "@", "pkg:oci/shop@sha256:0123456789abcdef?tag=2"]
)


def reach(nodes, edges=()):
    """Nodes as (type, id, depth), edges as pairs of (type, id) with a relation: the first tells, the second is named."""
    return Reach(
        [Node(id_, kind, depth, [id_]) for kind, id_, depth in nodes],
        [Edge(a[1], a[0], b[1], b[0], relation, AT, AT, 1, None, None) for a, b, relation in edges],
        complete=True,
    )


def drawn(ancestors, descendants):
    return neighbourhood(ancestors, descendants, lambda kind, id_: f"/subject?id={id_}&type={kind}", "#descendants")


SHOP = ("artifact", "pkg:oci/shop@1", 0)
START = SHOP[:2]


def labels(found):
    return [(box.x, box.node.label) for box in found.picture.boxes]


def test_origins_stand_left_of_the_subject_and_consequences_right():
    before = reach(
        [SHOP, ("build", "b", 1), ("change", "c", 2)],
        [(START, ("build", "b"), "causedBy"), (("build", "b"), ("change", "c"), "causedBy")],
    )
    after = reach([SHOP, ("service", "shop", 1)], [(("service", "shop"), START, "deployedWith")])

    assert [label for _, label in sorted(labels(drawn(before, after)))] == ["c", "b", "shop 1", "shop"]


def test_what_produced_something_stands_before_it_whoever_says_so():
    before = reach(
        [SHOP, ("build", "b", 1)], [(("build", "b"), START, "produced"), (START, ("build", "b"), "causedBy")]
    )
    found = drawn(before, reach([SHOP]))

    assert [label for _, label in sorted(labels(found))] == ["b", "shop 1"]
    assert [curve.turned for curve in found.picture.curves] == [False]


def test_more_than_a_dozen_siblings_are_one_box_that_leads_to_the_list():
    runs = [("testcaserun", f"case-{n}", 1) for n in range(SIBLINGS + 1)]
    found = drawn(reach([SHOP]), reach([SHOP, *runs], [(run[:2], START, "causedBy") for run in runs]))
    box = found.picture.boxes[-1].node

    assert (box.label, box.href, box.several) == ("13 of them", "#descendants", True)
    assert (found.subjects, found.shown) == (14, 2)


def test_a_dozen_siblings_stand_for_themselves():
    runs = [("testcaserun", f"case-{n}", 1) for n in range(SIBLINGS)]

    assert drawn(reach([SHOP]), reach([SHOP, *runs])).shown == SIBLINGS + 1


def test_what_does_not_fit_is_counted_at_the_rim():
    kinds = [(f"kind-{n}", str(n), 1) for n in range(MOST + 10)]
    beyond = [(kind, id_, 1) for kind, id_, _ in kinds]
    found = drawn(reach([SHOP]), reach([SHOP, *beyond], [(one[:2], START, "uses") for one in beyond]))
    here = next(box.node for box in found.picture.boxes if box.node.here)

    assert len(found.picture.boxes) == MOST
    assert here.more == 11


def test_chains_are_left_out_of_the_picture():
    found = drawn(reach([SHOP, ("chain", "x", 1)], [(START, ("chain", "x"), "partOf")]), reach([SHOP]))

    assert found.shown == 1


@given(
    st.lists(st.tuples(KINDS, IDS, st.integers(1, 4)), max_size=40),
    st.lists(
        st.tuples(st.tuples(KINDS, IDS), st.tuples(KINDS, IDS), st.sampled_from(["produced", "causedBy"])), max_size=60
    ),
)
def test_whatever_senders_claim_there_is_a_picture_with_the_subject_in_it(nodes, edges):
    found = drawn(reach([SHOP, *nodes], edges), reach([SHOP, *nodes[::-1]], edges))

    assert [box.node.kind for box in found.picture.boxes if box.node.here] == ["artifact"]
    assert len(found.picture.boxes) <= MOST
