"""Messages of rule results become values: every sample, and every row of the contract's edge table."""

from __future__ import annotations

import json
import re

import pytest

from evistore.clusters.wire import Faulty, Hit, Report, Skipped, report_of
from fixtures.insights_messages import CHECKED, CLUSTER, body, hit, report_message
from fixtures.shared import require_shared, shared_files

SAMPLES = shared_files("insights/messages/*/*.json")
ROW = re.compile(r"\| `(\S+\.json)` \| (\S+) \| (.+) \|")
OUTCOMES = {Report: "stored", Skipped: "skipped-empty", Faulty: "error"}


def codes(read) -> list[tuple[str, str]]:
    """Every fault of a faulty message: where, and its code."""
    assert isinstance(read, Faulty), read
    return [(fault.pointer, fault.code) for fault in read.faults]


def named(path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture(scope="module")
def expected() -> dict[str, tuple[str, str]]:
    """What the notes beside the samples say of each: outcome and reason."""
    notes = (require_shared() / "insights" / "README.md").read_text("utf-8")
    return {name: (outcome, reason) for name, outcome, reason in ROW.findall(notes)}


def test_every_sample_has_its_outcome_written_down(expected):
    assert set(expected) == {named(path) for path in SAMPLES}
    assert len(SAMPLES) == 67


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_a_sample_has_the_outcome_of_its_notes(path, expected):
    outcome, reason = expected[named(path)]
    read = report_of(path.read_bytes())

    assert OUTCOMES[type(read)] == outcome
    if isinstance(read, Report) and (told := re.match(r"(\d+) rule hit", reason)):
        assert len(read.hits) == int(told[1])
    if isinstance(read, Report):
        assert (read.version_info is not None) == ("cluster version kept" in reason)
        assert json.loads(read.report) == json.loads(path.read_bytes())["Report"]
    if missing := re.search(r"has content: (\[.+\])", reason):
        assert f"improper report structure, missing key(s) with name '{missing[1]}'" in read.text
    if absent := re.match(r"top-level attribute absent or null: (\w+)", reason):
        assert read.faults[0].text == f"missing required attribute '{absent[1]}'"


def test_a_message_becomes_envelope_hits_version_and_text():
    item = hit("ccx.a", "EK1", details={"n": 1.5})
    read = report_of(report_message(7, hits=[item], version="4.14.1", RequestId="r-1"))

    assert isinstance(read, Report)
    assert (read.envelope.org_id, read.envelope.cluster, read.envelope.request_id) == (7, CLUSTER, "r-1")
    assert (read.envelope.account_number, read.envelope.version) == (10, 2)
    assert (read.envelope.last_checked_at, read.envelope.gathered_at) == (CHECKED, None)
    assert read.hits == (Hit("ccx.a.report", "EK1", '{"n": 1.5}'),)
    assert read.version_info == "4.14.1"


# Section 2.4, "stored": what is in the body, and how many hits.
STORED = {
    "fingerprints null": (body(fingerprints=None), 1),
    "system null": (body(system=None), 1),
    "skips null": (body(skips=None), 1),
    "no hits": (body(hits=[]), 0),
    "only the mandatory attributes, all empty": ({"fingerprints": [], "reports": [], "system": {}}, 0),
    "mandatory attributes of odd types": (body(system=1, fingerprints="x"), 1),
    "an item null": (body(hits=[None]), 1),
    "an item empty": (body(hits=[{}]), 1),
    "an item without key": (body(hits=[{"component": "a.report"}]), 1),
    "equal components": (body(hits=["a|K1", "a|K2"]), 2),
    "equal keys": (body(hits=["a|K", "b|K"]), 2),
    "names that are null": (body(hits=[{"component": None, "key": None, "user_vote": None, "disabled": None}]), 1),
    "a vote": (body(hits=[hit(user_vote=-1, disabled=False)]), 1),
    "non-ASCII": (body(hits=[hit("ccx.grün", "KÉY")]), 1),
    "300 kB of template": (body(hits=[hit(details={"x": "y" * 300_000})]), 1),
    "info details null": (body(info=[{"info_id": "x", "details": None}, None, {}]), 1),
    "skips of objects": (body(skips=[{"details": "All: [] Any: ", "rule_fqdn": "x"}, None], **{"pass": []}), 1),
    "unknown attributes": (body(anything=[1]), 1),
}


@pytest.mark.parametrize("case", STORED)
def test_it_is_stored(case):
    report, hits = STORED[case]
    read = report_of(report_message(Report=report))
    assert isinstance(read, Report), read
    assert len(read.hits) == hits


EMPTY = {"fingerprints": [], "system": {"metadata": {"a": 1}, "hostname": None}}
SKIPPED = {
    "empty": {},
    "one mandatory attribute absent, the rest empty": EMPTY,
    "host of no letters": {"reports": [], "system": {"hostname": ""}},
    "host of another case": {"reports": [], "system": {"Hostname": ""}},
    "no host": {"reports": [], "system": {}},
    "objects are as empty as lists": {"reports": {}, "fingerprints": {}, "info": {}, "skips": {}},
    "analysis_metadata is not looked at": EMPTY | {"analysis_metadata": {"start": "now"}},
    "not even when null": {"analysis_metadata": None},
}


@pytest.mark.parametrize("case", SKIPPED)
def test_it_is_skipped(case):
    assert isinstance(report_of(report_message(Report=SKIPPED[case])), Skipped)
    assert isinstance(report_of(report_message(Report=SKIPPED[case], last_checked="never"), allowed={9}), Skipped)


def test_what_is_wrong_beside_an_empty_report_is_told_all_the_same():
    read = report_of(report_message(cluster="x", Report={}, last_checked=...), allowed={9})
    assert codes(read) == [
        ("/LastChecked", "attribute-missing"),
        ("/OrgID", "org-not-allowed"),
        ("/ClusterName", "uuid-invalid"),
    ]
    assert codes(report_of(report_message(Report={}, last_checked=7))) == [("/LastChecked", "type-wrong")]
    assert isinstance(report_of(report_message(Report={}, last_checked=...)), Skipped)


INFO = "version_info|CLUSTER_VERSION_INFO"
FAULTY = {
    "reports null": (body(reports=None), [("/reports", "type-wrong")]),
    "info null": (body(info=None), [("/info", "type-wrong")]),
    "reports no list": (body(reports={}), [("/reports", "type-wrong")]),
    "info no list": (body(info={}), [("/info", "type-wrong")]),
    "info of texts": (body(info=["x"]), [("/info/0", "type-wrong")]),
    "info_id a number": (body(info=[{"info_id": 1}]), [("/info/0/info_id", "type-wrong")]),
    "info with a number": (
        body(info=[{"info_id": "other", "details": {"a/b~": 1}}]),
        [("/info/0/details/a~1b~0", "type-wrong")],
    ),
    "info details a list": (body(info=[{"details": []}]), [("/info/0/details", "type-wrong")]),
    "version with NUL": (body(version="4\0"), [("/info/0/details/version", "nul-character")]),
    "item a text": (body(hits=["a|K", ["x"]]), [("/reports/1", "type-wrong")]),
    "component no text": (body(hits=[{"component": 1}]), [("/reports/0/component", "type-wrong")]),
    "key no text": (body(hits=[{"Key": []}]), [("/reports/0/Key", "type-wrong")]),
    "vote a text": (body(hits=[hit(user_vote="1")]), [("/reports/0/user_vote", "type-wrong")]),
    "vote a fraction": (body(hits=[hit(user_vote=1.0)]), [("/reports/0/user_vote", "type-wrong")]),
    "vote too large": (body(hits=[hit(user_vote=2**63)]), [("/reports/0/user_vote", "type-wrong")]),
    "disabled a number": (body(hits=[hit(disabled=0)]), [("/reports/0/disabled", "type-wrong")]),
    "equal hits": (body(hits=["a|K", "b|K", "a|K"]), [("/reports/2", "hit-duplicate")]),
    "hits equal without .report": (
        body(hits=["a|K", {"component": "a", "key": "K"}]),
        [("/reports/1", "hit-duplicate")],
    ),
    "two items null": (body(hits=[None, None]), [("/reports/1", "hit-duplicate")]),
    "NUL in the component": (body(hits=["a\0|K"]), [("/reports/0/component", "nul-character")]),
    "NUL in the key": (body(hits=["a|\0"]), [("/reports/0/key", "nul-character")]),
    "endless names": (body(hits=["a" * 1500 + "|" + "é" * 300]), [("/reports/0", "name-too-long")]),
    "skips an object": (body(skips={}), [("/skips", "type-wrong")]),
    "skips of numbers": (body(skips=[{}, 1]), [("/skips/1", "type-wrong")]),
    "pass a text": (body(**{"pass": "x"}), [("/pass", "type-wrong")]),
    "host set": ({"reports": [], "system": {"hostname": "x"}}, [("", "structure")]),
    "host no text": ({"reports": [], "system": {"hostname": 0}}, [("", "structure")]),
    "system a list": ({"reports": [], "system": []}, [("", "structure")]),
    "a text attribute": (EMPTY | {"x": ""}, [("", "structure")]),
    "a number attribute": (EMPTY | {"x": 0}, [("", "structure")]),
    "a truth attribute": (EMPTY | {"x": False}, [("", "structure")]),
    "null in what is not whole": (EMPTY | {"skips": None}, [("", "structure"), ("/skips", "type-wrong")]),
    "reports null in what is not whole": ({"reports": None}, [("", "structure"), ("/reports", "type-wrong")]),
    "names in another case": (
        {"Reports": [{}], "fingerprints": [], "system": {}},
        [("", "structure")],
    ),
}


@pytest.mark.parametrize("case", FAULTY)
def test_it_is_faulty(case):
    report, faults = FAULTY[case]
    assert codes(report_of(report_message(Report=report))) == [(f"/Report{at}", code) for at, code in faults]


def test_missing_attributes_of_the_body_are_listed_in_the_order_of_their_names():
    read = report_of(report_message(Report={"info": [{}]}))
    assert read.text == "improper report structure, missing key(s) with name '[fingerprints reports system]'"


def test_all_faults_are_listed_what_is_absent_first_then_in_the_order_of_the_document():
    broken = body(hits=["a|K", {"component": 1}, "a|K"], info=[{"details": {"version": 4}}])
    read = report_of(
        report_message(-1, "x", last_checked="now", Report=broken, Version="2", RequestId=1, AccountNumber=1.5)
    )
    assert codes(read) == [
        ("/OrgID", "type-wrong"),
        ("/AccountNumber", "type-wrong"),
        ("/ClusterName", "uuid-invalid"),
        ("/LastChecked", "time-invalid"),
        ("/Version", "type-wrong"),
        ("/Report/reports/1/component", "type-wrong"),
        ("/Report/reports/2", "hit-duplicate"),
        ("/Report/info/0/details/version", "type-wrong"),
        ("/RequestId", "type-wrong"),
    ]
    assert read.text.count("; ") == 8


def test_after_a_thousand_faults_the_rest_is_only_said_to_exist():
    read = report_of(report_message(hits=[1] * 5000))
    assert len(read.faults) == 1001
    assert read.faults[-1].code == "faults-omitted"


def test_without_anything_all_that_is_required_is_named():
    read = report_of(b" { } ")
    assert codes(read) == [
        ("/OrgID", "attribute-missing"),
        ("/ClusterName", "attribute-missing"),
        ("/Report", "attribute-missing"),
        ("/LastChecked", "attribute-missing"),
    ]
    assert read.text.startswith("missing required attribute 'OrgID'; missing required attribute 'ClusterName'; ")


@pytest.mark.parametrize(
    ("details", "kept"),
    [
        (b'{"a" : [1.50, 1E+5] , "b":\t"\\u00e9\\/<"}', '{"a" : [1.50, 1E+5] , "b":\t"\\u00e9\\/<"}'),
        (b"null", "null"),
        (b'"\\u0000"', '"\\u0000"'),
        (b'"\\ud800 \\uD83D\\uDE00"', '"\\ud800 \\uD83D\\uDE00"'),
        (b"123456789012345678901234567890e99999", "123456789012345678901234567890e99999"),
        ('["é\u2028"]'.encode(), '["é\u2028"]'),
    ],
)
def test_details_are_kept_as_they_were_sent(details, kept):
    sent = report_message(hits=[hit("a", "K", details="@@")]).replace(b'"@@"', b" " + details + b" \n")
    assert report_of(sent).hits == (Hit("a.report", "K", kept),)


def test_without_details_the_template_data_is_empty():
    assert report_of(report_message(hits=[{"component": "a.report", "key": "K"}])).hits[0].template_data == ""


@pytest.mark.parametrize(
    ("info", "version"),
    [
        ([], None),
        ([{"info_id": "other", "details": {"version": "1"}}], None),
        ([{"info_id": INFO, "details": {"version": "1"}}, {"info_id": INFO, "details": {"version": "2"}}], "2"),
        ([{"info_id": INFO, "details": {"Version": "1"}}], ""),
        ([{"info_id": INFO, "details": {"version": None}}], ""),
        ([{"info_id": INFO}], ""),
        ([{"INFO_ID": INFO, "Details": {"version": "3"}}], "3"),
    ],
)
def test_the_last_version_item_counts(info, version):
    assert report_of(report_message(Report=body(info=info))).version_info == version
