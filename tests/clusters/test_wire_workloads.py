"""Messages of workload results become values: every row of the contract's table, and how they are counted."""

from __future__ import annotations

import json

import pytest

from evistore.clusters.wire import Faulty, Namespace, Skipped, Workloads, workloads_of
from fixtures.insights_messages import CHECKED, CLUSTER, metrics, workload, workloads_message

AT = "/Metrics/workload_recommendations"


def test_a_message_becomes_envelope_namespaces_and_text():
    read = workloads_of(workloads_message(7, items=[workload("rules.one", "K1", [("A", "u1")])], RequestId="r"))

    assert isinstance(read, Workloads)
    assert (read.envelope.org_id, read.envelope.cluster, read.envelope.request_id) == (7, CLUSTER, "r")
    assert read.envelope.last_checked_at == CHECKED
    assert read.namespaces == (Namespace("A", "name-A", 1, 1, {"rules.one|K1": 1}),)
    assert list(json.loads(read.report)) == sorted(json.loads(read.report))
    assert json.loads(read.report)["workload_recommendations"][0]["key"] == "K1"


def test_namespaces_are_counted_in_the_order_of_their_first_naming():
    items = [
        workload("rules.one", "K1", [("B", "u1"), ("A", "u2"), ("B", "u1"), ("B", "u3")]),
        workload("rules.two", "K1", [("B", "u1")]),
        workload("rules.one", "K1", [("B", "u1")]),
        workload("rules.two", "K2", []),
    ]
    assert workloads_of(workloads_message(items=items)).namespaces == (
        Namespace("B", "name-B", 3, 2, {"rules.one|K1": 4, "rules.two|K1": 1}),
        Namespace("A", "name-A", 1, 1, {"rules.one|K1": 1}),
    )


def test_only_the_end_of_a_component_is_cut():
    item = workload(component="x", namespaces=[("A", "u")]) | {"component": "a.recommendation.b"}
    assert workloads_of(workloads_message(items=[item])).namespaces[0].rule_hits_count == {"a.recommendation.b|K1": 1}


@pytest.mark.parametrize("items", [[], [workload(namespaces=[])], [None, {}, {"workloads": None}]])
def test_without_workloads_there_are_no_namespaces(items):
    assert workloads_of(workloads_message(items=items)).namespaces == ()


def test_an_empty_body_is_skipped():
    assert isinstance(workloads_of(workloads_message(Metrics={})), Skipped)
    assert isinstance(workloads_of(workloads_message(Metrics={}, last_checked="x"), allowed=()), Skipped)


STORED = {
    "tags null": workload(tags=None),
    "no key": {name: value for name, value in workload().items() if name != "key"},
    "nameless namespace": workload(namespaces=[("", "u")]),
    "everything null": workload(response_id=None, details=None, links=None) | {"component": None, "key": None},
    "links of nothing": workload(links={"jira": None, "other": 1}),
    "details of anything": workload(details={"a": [1, None, {"b": "\0"}]}),
    "names in another case": {"Component": "x", "WORKLOADS": [{"Namespace_UID": "A", "uid": "u"}]},
    "NUL where no column is": workload(workloads=[{"namespace_uid": "A", "kind": "\0", "name": "\0", "uid": "\0"}]),
    "a workload null": workload(workloads=[None]),
}


@pytest.mark.parametrize("case", STORED)
def test_it_is_stored(case):
    read = workloads_of(workloads_message(items=[STORED[case]]))
    assert isinstance(read, Workloads), read
    assert len(read.namespaces) == 1


def test_a_namespace_without_name_and_key_is_kept():
    item = {"workloads": [{"namespace_uid": "", "uid": "u"}]}
    assert workloads_of(workloads_message(items=[item])).namespaces == (Namespace("", "", 1, 1, {"|": 1}),)


def test_a_report_beside_is_ignored():
    assert isinstance(workloads_of(workloads_message(Report=[1])), Workloads)


FAULTY = {
    "item text": (["x"], ["/0"]),
    "item list": ([workload(), []], ["/1"]),
    "details list": ([workload(details=[])], ["/0/details"]),
    "links list": ([workload(links=[])], ["/0/links"]),
    "links of texts": ([workload(links={"jira": "x"})], ["/0/links/jira"]),
    "links of numbers": ([workload(links={"product_documentation": ["a", 1]})], ["/0/links/product_documentation/1"]),
    "tags text": ([workload(tags="x")], ["/0/tags"]),
    "tags of numbers": ([workload(tags=["x", 1, None])], ["/0/tags/1"]),
    "response_id number": ([workload(response_id=1)], ["/0/response_id"]),
    "component number": ([workload() | {"component": 1}], ["/0/component"]),
    "key list": ([workload() | {"key": []}], ["/0/key"]),
    "workloads object": ([workload(workloads={})], ["/0/workloads"]),
    "workload text": ([workload(workloads=["x"])], ["/0/workloads/0"]),
    "several": (
        [workload(tags=1, workloads=[{"namespace": 1, "namespace_uid": 2, "kind": 3, "name": 4, "uid": 5}])],
        ["/0/tags", *(f"/0/workloads/0/{name}" for name in ("namespace", "namespace_uid", "kind", "name", "uid"))],
    ),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_wrong_type_is_faulty(case):
    items, places = FAULTY[case]
    read = workloads_of(workloads_message(items=items))
    assert isinstance(read, Faulty)
    assert [(fault.pointer, fault.code) for fault in read.faults] == [(AT + place, "type-wrong") for place in places]


@pytest.mark.parametrize("wrong", [None, {}, "x", 1])
def test_the_recommendations_must_be_a_list(wrong):
    read = workloads_of(workloads_message(Metrics=metrics(workload_recommendations=wrong)))
    assert [(fault.pointer, fault.code) for fault in read.faults] == [(AT, "type-wrong")]


def test_a_body_without_recommendations_is_improper():
    read = workloads_of(workloads_message(Metrics={"version": 1, "Workload_Recommendations": []}))
    assert [(fault.pointer, fault.code) for fault in read.faults] == [("/Metrics", "structure")]
    assert read.text == "improper report structure, missing key with name 'workload_recommendations'"


@pytest.mark.parametrize("metrics", [None, ...])
def test_a_body_is_needed(metrics):
    read = workloads_of(workloads_message(Metrics=metrics))
    assert read.text == "missing required attribute 'Metrics'"


def test_names_of_columns_cannot_hold_nul_or_be_endless():
    items = [
        workload("a\0", "\0", [("\0", "u")]),
        workload(namespaces=[("x" * 2001, "u")]),
    ]
    read = workloads_of(workloads_message(items=items))
    assert [(fault.pointer.removeprefix(AT), fault.code) for fault in read.faults] == [
        ("/0/component", "nul-character"),
        ("/0/key", "nul-character"),
        ("/0/workloads/0/namespace", "nul-character"),
        ("/0/workloads/0/namespace_uid", "nul-character"),
        ("/1/workloads/0", "name-too-long"),
    ]


def many(number):
    """A message that names *number* namespaces."""
    return workloads_message(
        items=[{"component": "c", "workloads": [{"namespace_uid": str(one)} for one in range(number)]}]
    )


def test_rows_that_repeat_the_whole_body_have_a_limit():
    read = workloads_of(many(70_000))  # 1.8 MB, which would be 130 GB in rows
    assert isinstance(read, Faulty)
    assert [(fault.pointer, fault.code) for fault in read.faults] == [(AT, "rows-too-large")]
    assert "names 70000 namespaces: a row of " in read.text
    assert read.text.endswith(" bytes for each makes more than 2147483648 bytes")


def test_the_limit_of_rows_is_that_of_all_together():
    size = len(json.dumps(json.loads(many(10))["Metrics"]))
    assert isinstance(workloads_of(many(10), rows_limit=10 * size), Workloads)
    assert isinstance(workloads_of(many(10), rows_limit=10 * size - 1), Faulty)
    assert isinstance(workloads_of(workloads_message(items=[]), rows_limit=1), Workloads)
