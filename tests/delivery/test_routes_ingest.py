"""`POST /cdevents` on a listening server and a real database: what each thing that can be sent is answered with."""

from __future__ import annotations

import gzip
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.serving import broken, cdevent, served

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def rejecting(postgres18):
    with served(postgres18, validation="reject") as one:
        yield one


@pytest.fixture(scope="module")
def careless(postgres18):
    with served(postgres18, validation="off") as one:
        yield one


def verdict(server, event):
    rows = server.ask("SELECT verdict FROM cdviz.cdevents_lake WHERE context_id = %s", event["context"]["id"])
    return [row[0] for row in rows]


def structured(event):
    return {"specversion": "1.0", "id": "1", "source": "/x", "type": "dev.cdevents.x", "data": event}


def test_an_event_is_stored_and_the_answer_tells_its_position(server):
    event = cdevent()

    response = server.post(event)

    assert response.status_code == 201
    told = response.json()
    rows = server.ask("SELECT position FROM cdviz.cdevents_lake WHERE context_id = %s", event["context"]["id"])
    assert told == {"outcome": "stored", "context_id": event["context"]["id"], "position": rows[0][0]}


def test_the_same_event_again_is_a_duplicate_at_the_same_position(server):
    event = cdevent()
    first = server.post(event).json()

    again = server.post(event)

    assert (again.status_code, again.json()) == (200, first | {"outcome": "duplicate"})


def test_another_event_under_the_same_identity_is_kept_in_quarantine(server):
    event = cdevent()
    server.post(event)
    event["subject"]["content"]["pipelineName"] = "another"

    response = server.post(event)

    problem = response.json()
    assert (response.status_code, response.headers["content-type"], problem["code"]) == (202, PROBLEM, "conflict")
    kept = server.ask("SELECT reason, origin, payload FROM evistore.quarantine WHERE id = %s", problem["quarantine_id"])
    assert kept == [("conflict", "http", event)]


@pytest.mark.parametrize(
    "event",
    [{}, [1], {"context": {}}, cdevent() | {"context": cdevent()["context"] | {"timestamp": "9999-01-01T00:00:00Z"}}],
)
def test_what_is_no_event_is_kept_in_quarantine_with_a_reason(server, event):
    response = server.post(structured(event), {"Content-Type": "application/cloudevents+json"})

    problem = response.json()
    assert (response.status_code, response.headers["content-type"]) == (202, PROBLEM)
    assert problem["outcome"] == "malformed"
    kept = server.ask("SELECT reason FROM evistore.quarantine WHERE id = %s", problem["quarantine_id"])
    assert kept == [(problem["code"],)]


def test_text_that_jsonb_cannot_hold_is_kept_as_the_bytes_that_came(server):
    raw = json.dumps(cdevent() | {"customData": {"nul": "a\0b"}}).encode()

    problem = server.post(raw).json()

    assert problem["code"] == "nul-character"
    assert server.ask("SELECT raw FROM evistore.quarantine WHERE id = %s", problem["quarantine_id"]) == [(raw,)]


def test_a_binary_cloud_event_is_taken(server):
    event = cdevent()
    attributes = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/x", "ce-type": event["context"]["type"]}

    assert server.post(event, attributes).status_code == 201


def test_a_structured_cloud_event_is_taken(server):
    response = server.post(structured(cdevent()), {"Content-Type": "application/cloudevents+json; charset=utf-8"})

    assert response.status_code == 201


def test_a_batch_of_cloud_events_has_one_outcome_for_each_in_order(server):
    one, other = cdevent("batch-one"), cdevent("batch-two")
    batch = [structured(event) for event in (one, {}, other, one)]

    response = server.post(batch, {"Content-Type": "application/cloudevents-batch+json"})

    told = response.json()
    assert response.status_code == 200
    assert [(each["outcome"], each.get("context_id")) for each in told["events"]] == [
        ("stored", "batch-one"),
        ("malformed", None),
        ("stored", "batch-two"),
        ("duplicate", "batch-one"),
    ]
    assert told["tally"] == {"stored": 2, "malformed": 1, "duplicate": 1}


def test_a_list_of_bare_events_is_a_batch_even_with_one(server):
    assert [one["outcome"] for one in server.post([cdevent()]).json()["events"]] == ["stored"]


@pytest.mark.parametrize("kind", ["application/json", "application/cloudevents-batch+json"])
def test_an_empty_batch_is_fine(server, kind):
    response = server.post([], {"Content-Type": kind})

    assert (response.status_code, response.json()) == (200, {"tally": {}, "events": []})


def test_one_that_breaks_the_rules_is_stored_and_marked_by_default(server):
    event = broken()

    assert server.post(event).status_code == 201
    assert verdict(server, event) == ["invalid"]
    reasons = server.ask(
        "SELECT verdict_reasons FROM cdviz.cdevents_lake WHERE context_id = %s", event["context"]["id"]
    )
    assert reasons[0][0][0]["path"] == "/subject/content/pipelineName"


def test_a_right_one_is_marked_valid(server):
    event = cdevent()
    server.post(event)

    assert verdict(server, event) == ["valid"]


def test_in_reject_mode_what_breaks_the_rules_is_told_why_and_kept_nowhere(rejecting):
    event = broken()
    before = rejecting.ask("SELECT count(*) FROM evistore.quarantine")

    response = rejecting.post(event)

    problem = response.json()
    assert (response.status_code, response.headers["content-type"], problem["code"]) == (422, PROBLEM, "schema")
    assert problem["reasons"][0]["path"] == "/subject/content/pipelineName"
    assert verdict(rejecting, event) == []
    assert rejecting.ask("SELECT count(*) FROM evistore.quarantine") == before


def test_in_reject_mode_a_refused_event_costs_the_others_of_its_batch_nothing(rejecting):
    good = cdevent()

    told = rejecting.post([broken("refused"), good]).json()["events"]

    assert [one["outcome"] for one in told] == ["refused", "stored"]
    assert told[0]["context_id"] == "refused"
    assert verdict(rejecting, good) == ["valid"]


def test_with_validation_off_nothing_is_looked_at(careless):
    event = broken()

    assert careless.post(event).status_code == 201
    assert verdict(careless, event) == [None]


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_packed_body_is_unpacked(server, coding):
    pack = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}[coding]

    assert server.post(pack(json.dumps(cdevent()).encode()), {"Content-Encoding": coding}).status_code == 201


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_that_grows_beyond_the_limit_is_refused(server, coding):
    pack = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}[coding]

    response = server.post(pack(b" " * 1_000_000 + b"{}"), {"Content-Encoding": coding})

    assert (response.status_code, response.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" + b"{}," * 200_000 + b"{}]", "body-too-large"),
        (b'{"many": [' + b"1," * 400_000 + b"1]}", "body-too-large"),
        (b"[" + b"1," * 10_000 + b"1]", "batch-too-long"),
    ],
)
def test_a_body_that_would_become_too_many_values_is_refused_whole(careless, body, code):
    response = careless.post(body)

    assert (response.status_code, response.json()["code"]) == (413, code)


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "not-json"),
        (b"", {}, 400, "empty-body"),
        (b"{}", {"ce-specversion": "1.0"}, 400, "broken-cloudevent"),
        (b"[1", {"Content-Type": "application/cloudevents-batch+json"}, 400, "not-json"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (b"{}", {"Content-Type": "application/cloudevents+avro"}, 415, "unsupported-media-type"),
        (b"{}", {"Content-Encoding": "br"}, 415, "content-encoding-unknown"),
        (b"{}", {"Content-Encoding": "gzip"}, 400, "content-encoding-damaged"),
        (gzip.compress(b"{}", mtime=0)[:-3], {"Content-Encoding": "gzip"}, 400, "content-encoding-damaged"),
        (b"{}", {"Content-Encoding": "zstd"}, 400, "content-encoding-damaged"),
        (
            zstandard.ZstdCompressor().compress(b"{}" * 99)[:-3],
            {"Content-Encoding": "zstd"},
            400,
            "content-encoding-damaged",
        ),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_code(server, body, headers, status, code):
    response = server.post(body, headers)

    assert (response.status_code, response.headers["content-type"], response.json()["code"]) == (status, PROBLEM, code)


def test_requests_that_come_together_are_all_stored_in_few_commits(postgres18):
    events = [cdevent() for _ in range(640)]
    with served(postgres18) as server, httpx.Client(limits=httpx.Limits(max_connections=64)) as client:

        def post(event):
            return client.post(f"{server.url}/cdevents", json=event).status_code

        with ThreadPoolExecutor(64) as together:
            statuses = Counter(together.map(post, events))

        assert statuses == {201: 640}
        assert server.stored_ids() == {event["context"]["id"] for event in events}
        metrics = server.get("/metrics").text
        commits = next(line for line in metrics.splitlines() if line.startswith("evistore_commit_group_events_count"))
        assert float(commits.split()[1]) < 640


def test_of_requests_that_race_with_one_event_exactly_one_stores_it(server):
    for _ in range(10):
        event = cdevent()
        start = threading.Barrier(8)

        def post(event=event, start=start):
            start.wait()
            return server.post(event).status_code

        with ThreadPoolExecutor(8) as together:
            statuses = [future.result() for future in [together.submit(post) for _ in range(8)]]

        assert sorted(statuses) == [200] * 7 + [201]
        assert len(verdict(server, event)) == 1


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["context", "subject", "id", "type", "", "\0", "data"]), inner)
    ),
    max_leaves=12,
)
MEMBERS = ["id", "source", "type", "timestamp", "version", "links"]


@st.composite
def nearly_events(draw):
    event = cdevent()
    for _ in range(draw(st.integers(1, 3))):
        event[draw(st.sampled_from(["context", "subject", "customData"]))] = draw(JSON_VALUES)
        if isinstance(event["context"], dict):
            event["context"][draw(st.sampled_from(MEMBERS))] = draw(JSON_VALUES)
    return event


KINDS = [
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "",
    "text/plain",
    "application/JSON;x",
]
EXPECTED = {200, 201, 202, 400, 413, 415}


@pytest.fixture(scope="module")
def client(server):
    with httpx.Client(base_url=server.url, timeout=30) as one:
        yield one


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | JSON_VALUES.map(json.dumps).map(str.encode)
    | nearly_events().map(json.dumps).map(str.encode),
    kind=st.sampled_from(KINDS),
    attributes=st.dictionaries(
        st.sampled_from(["ce-id", "ce-source", "ce-type", "ce-specversion", "ce-time"]),
        st.sampled_from(["", "1.0", "%", "%ff", '"']),
    ),
    coding=st.sampled_from(["identity", "identity", "identity", "gzip", "zstd", "br", ""]),
)
def test_no_garbage_breaks_the_door(client, body, kind, attributes, coding):
    response = client.post(
        "/cdevents", content=body, headers={"Content-Type": kind, "Content-Encoding": coding, **attributes}
    )

    assert response.status_code in EXPECTED


def test_after_all_that_the_door_still_works(server):
    assert server.post(cdevent()).status_code == 201
