"""Whatever the bytes, a message becomes one of the values, and what is to be stored can be stored."""

from __future__ import annotations

import contextlib
import gzip
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evistore.clusters.wire import Fault, Faulty, Report, Skipped, Workloads, report_of, workloads_of
from evistore.clusters.wire_times import moment
from fixtures.insights_messages import body, metrics, report_message, workload, workloads_message

READERS = {report_of: Report, workloads_of: Workloads}
MESSAGES = [
    report_message(version="4.14.1", hits=["a|K", "b|K"], RequestId="r", Metadata={"gathering_time": None}),
    report_message(Report={"fingerprints": [], "system": {"hostname": None}}),
    workloads_message(items=[workload(), workload("rules.two", "K2", [("A", "u1"), ("B", "u2")])]),
]
MESSAGES += [gzip.compress(MESSAGES[0])]
SNIPPETS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"null", b"0", b"-1", b"1e999", b"\\ud800", b"\\udc00\\ud83d\\ude00",
    b"\\u0000", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b" ", b"true", b'""', b"[]", b"{}", b'"a":', b"[" * 3000,
    b'"OrgID":2,', b'"orgid":"x",', b'"report":{},', b'"Metrics":null,', b"9" * 5000, b'"key":"\\ud800",',
]  # fmt: skip
NAMES = [
    "OrgID",
    "orgid",
    "ClusterName",
    "Report",
    "Metrics",
    "LastChecked",
    "Version",
    "RequestId",
    "AccountNumber",
    "Metadata",
    "gathering_time",
    "system",
    "fingerprints",
    "reports",
    "info",
    "skips",
    "pass",
    "analysis_metadata",
    "component",
    "key",
    "Key",
    "details",
    "user_vote",
    "disabled",
    "info_id",
    "version",
    "hostname",
    "workload_recommendations",
    "workloads",
    "namespace",
    "namespace_uid",
    "uid",
    "tags",
    "links",
    "jira",
]
TEXTS = st.text(max_size=8) | st.sampled_from(
    ["2024-01-15T11:00:00Z", "\0", "\ud800", "version_info|CLUSTER_VERSION_INFO"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=5),
    max_leaves=20,
)


def check(value: bytes) -> None:
    """Read *value* as both kinds, and look at what comes out."""
    for read, kind in READERS.items():
        found = read(value, limit=100_000)
        assert isinstance(found, kind | Skipped | Faulty)
        assert found == read(value, limit=100_000)
        if isinstance(found, Faulty):
            assert found.faults
            assert all(isinstance(fault, Fault) and fault.text and fault.code for fault in found.faults)
            found.text.encode()
        elif not isinstance(found, Skipped):
            check_storable(found)


def check_storable(found: Report | Workloads) -> None:
    """What is to be stored has all that the columns need, and no character that they cannot hold."""
    assert found.envelope.org_id in range(2**31)
    assert found.envelope.last_checked_at
    names = [found.envelope.cluster, found.report]
    if isinstance(found, Report):
        names += [*sum(found.hits, ()), found.version_info or ""]
        assert len({(hit.component.removesuffix(".report"), hit.error_key) for hit in found.hits}) == len(found.hits)
    else:
        names += [name for one in found.namespaces for name in (one.namespace_id, one.name, *one.rule_hits_count)]
        assert all(sum(one.rule_hits_count.values()) >= one.objects >= 1 for one in found.namespaces)
    assert not any("\0" in name for name in names)
    assert all(name.encode() is not None for name in names)
    assert isinstance(json.loads(found.report), dict)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x28\xb5\x2f\xfd")
def test_any_bytes(value):
    check(value)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(MESSAGES), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 5), st.sampled_from(SNIPPETS)))
)
def test_any_change_to_a_message(message, changes):
    for at, dropped, snippet in changes[:6]:
        start = at % (len(message) + 1)
        message = message[:start] + snippet + message[start + dropped :]
    check(message)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES) | TEXTS, ANYTHING))
def test_any_json_beside_and_in_place_of_attributes(attributes):
    check(json.dumps(attributes).encode())
    check(report_message(**attributes))
    check(workloads_message(**attributes))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.lists(ANYTHING, max_size=3))
def test_any_json_in_a_body(members, items):
    check(report_message(Report=body() | members))
    check(report_message(Report=body(reports=items, info=items)))
    check(workloads_message(Metrics=metrics() | members))
    check(workloads_message(items=[workload() | members, *items]))


@pytest.mark.parametrize("message", MESSAGES[:3])
def test_every_message_cut_short(message):
    for length in range(len(message)):
        for read in READERS:
            assert isinstance(read(message[:length]), Faulty)


@settings(max_examples=500, deadline=None)
@given(st.text() | st.from_regex(r"\d{4}-[01]\d-[0-3]\dT\d\d?:\d\d:\d\d([.,]\d*)?(Z|[+-]\d\d:\d\d)?", fullmatch=True))
def test_any_text_is_a_moment_or_refused(value):
    with contextlib.suppress(ValueError):
        assert moment(value).utcoffset().total_seconds() == 0
