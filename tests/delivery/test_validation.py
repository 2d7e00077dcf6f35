"""Verdicts: of the official examples, of our own corpus, and their bounds."""

from __future__ import annotations

import json
import time

import pytest

from evistore.delivery.validation import LONGEST_MESSAGE, MOST_REASONS, judge, verdict_for
from fixtures.shared import REPOSITORY, require_shared, shared_files

CORPUS = sorted(path for path in (REPOSITORY / "tests/corpus/cdevents").glob("*.json") if ".verdict" not in path.name)
EXAMPLES = [
    path
    for path in shared_files("cdevents/examples/**/*.json")
    if "formats" not in path.parts  # test vectors of another notation
]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus_gets_the_verdict_that_stands_beside_it(path):
    expected = json.loads(path.with_suffix(".verdict.json").read_text())
    verdict = judge(json.loads(path.read_text()))
    assert {
        "state": verdict.state,
        "spec_version": verdict.spec_version,
        "reasons": [reason.path for reason in verdict.reasons],
        "warnings": [warning.path for warning in verdict.warnings],
    } == expected


def test_every_file_of_the_corpus_has_a_verdict_and_every_verdict_a_file():
    verdicts = {path.name for path in (REPOSITORY / "tests/corpus/cdevents").glob("*.verdict.json")}
    assert verdicts == {f"{path.stem}.verdict.json" for path in CORPUS}
    assert len(CORPUS) > 30


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_official_example_is_valid_but_those_made_to_fail(path):
    verdict = judge(json.loads(path.read_text()))
    assert (verdict.state == "valid") == (".fails." not in path.name), verdict.reasons


def test_there_are_official_examples():
    require_shared()
    assert len(EXAMPLES) > 350


def event(**context):
    return {
        "context": {
            "specversion": "0.5.1",
            "id": "1",
            "source": "/a",
            "type": "dev.cdevents.build.started.0.3.0",
            "timestamp": "2026-03-02T08:15:00Z",
            **context,
        },
        "subject": {"id": "b", "content": {}},
    }


def test_a_version_can_be_forced_upon_an_event():
    document = {
        **event(type="dev.cdevents.taskrun.finished.0.3.0"),
        "subject": {"id": "t", "content": {"outcome": "odd"}},
    }
    assert verdict_for(document, "0.5.1").state == "valid"
    assert verdict_for(document, "0.6.0-draft").state == "invalid"
    assert verdict_for(document, "0.4.1").state == "no-schema"
    assert verdict_for([], "0.4.1").state == "invalid"


def test_a_reason_points_into_the_document():
    reasons = judge(event(source="a b", **{"x/y~z": 1})).reasons
    assert {reason.path for reason in reasons} == {"/context", "/context/source"}


def test_a_broken_link_is_told_by_the_kind_it_says_it_is():
    (reason,) = judge(event(links=[{"linkType": "PATH", "from": {"contextId": ""}}])).reasons
    assert reason.path == "/context/links/0/from/contextId"


def test_reasons_and_warnings_are_few_and_short():
    verdict = judge(event(links=[{"linkType": "x" * 5_000, "tags": {"a": 1}, "link_type": ""}] * 100))
    assert len(verdict.reasons) == MOST_REASONS
    assert all(len(reason.message) <= LONGEST_MESSAGE for reason in verdict.reasons)
    assert 0 < len(verdict.warnings) <= MOST_REASONS


def test_an_event_with_a_million_errors_is_refused_quickly():
    document = event(links=[1] * 1_000_000)
    began = time.process_time()
    assert judge(document).reasons
    assert time.process_time() - began < 2  # seconds; to list every error would take a minute


def test_half_of_a_surrogate_pair_is_no_reason_to_fail():
    assert judge(event(**{"\ud800": 1})).state == "invalid"


def test_a_document_nested_too_deep_to_look_at_is_invalid():
    document = event()
    inner = document["subject"]["content"]
    for _ in range(50_000):
        inner["a"] = inner = {}
    assert judge(document).state == "invalid"
    while inner := document["subject"].pop("content", None):  # taken apart by hand: Python would recurse
        document["subject"] = {"content": inner.pop("a", None)}


def test_equal_verdicts_of_one_type_are_one_value():
    assert judge(event()) is judge(event(id="2"))
