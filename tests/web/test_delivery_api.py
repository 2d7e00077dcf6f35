"""REST under /api/delivery/v1 on a listening server: what is asked is answered, garbage is told so."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate

from fixtures.histories import link, runs, told
from fixtures.serving import served

BASE = "/api/delivery/v1"
FEED = f"{BASE}/feed"  # its answer has no end; test_feed reads it
PURL = "pkg:oci/shop@sha256%3A3c9d2deaedfae0b6?repository_url=registry.example.com/a/b"


@pytest.fixture(scope="module")
def api(postgres18):
    with served(postgres18) as one:
        events = [
            runs("shop", "prod", PURL, "10:00"),
            runs("shop", "stage", "pkg:oci/shop@2", "11:00"),
            told("artifact.packaged", PURL, "09:00", change={"id": "c/1"}),
            told("pipelinerun.started", "run-1", "10:00", custom=link("change", "c/1")),
            told("pipelinerun.finished", "run-1", "10:05", outcome="success"),
            *[told("ticket.created", f"T-{n}", f"12:{n:02}") for n in range(12)],
        ]
        one.post(events)
        one.post([{"no": "event"}, {"neither": "this"}])
        yield one


def got(api, path):
    response = api.get(f"{BASE}{path}")
    assert response.status_code == 200, response.text
    return response.json()


def ids(items):
    return [item["subject_id"] for item in items]


def test_events_come_by_page_and_next_leads_through_all_of_them_with_the_same_filter(api):
    found, path = [], "/events?subject=ticket&limit=5"
    while path:
        page = got(api, path.removeprefix(BASE))
        found += ids(page["items"])
        path = page["next"]

    assert found == [f"T-{n}" for n in range(11, -1, -1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("subject_id=run-1&predicate=started", ["run-1"]),
        ("from=2026-03-20T12:10:00Z&until=2026-03-20T12:11:00Z", ["T-10"]),
        ("from=2026-03-20T13:10:00%2B01:00&until=2026-03-20T12:11:00", ["T-10"]),
        ("source=/nobody", []),
        ("subject=artifact", [PURL]),
    ],
)
def test_each_filter_lets_pass_what_it_names(api, query, expected):
    assert ids(got(api, f"/events?{query}")["items"]) == expected


def test_an_event_is_shown_as_it_was_received(api):
    listed = got(api, "/events?subject_id=run-1&predicate=finished")["items"][0]

    one = got(api, f"/events/{listed['position']}")

    assert one == listed
    assert one["payload"]["subject"]["content"] == {"outcome": "success"}


def test_a_subject_whose_id_has_slashes_and_percent_signs_is_found(api):
    known = got(api, f"/subject?id={quote(PURL, safe='')}&type=artifact")

    assert [state["predicate_at"] for state in known["states"]] == [{"packaged": "2026-03-20T09:00:00+00:00"}]
    assert ids(known["events"]["items"]) == [PURL]


def test_subjects_of_a_type_are_listed(api):
    assert ids(got(api, "/subjects/pipelinerun")["items"]) == ["run-1"]
    first = got(api, "/subjects/ticket?limit=5")
    assert ids(first["items"]) == [f"T-{n}" for n in range(11, 6, -1)]
    assert ids(got(api, first["next"].removeprefix(BASE))["items"])[0] == "T-6"


def test_what_runs_where_is_told_for_now_and_for_a_moment(api):
    now, then = got(api, "/running"), got(api, "/running?at=2026-03-20T10:30:00Z")

    assert [(one["environment_id"], one["artifact_id"]) for one in now["items"]] == [
        ("prod", PURL),
        ("stage", "pkg:oci/shop@2"),
    ]
    assert [one["environment_id"] for one in then["items"]] == ["prod"]
    assert then["at"] == "2026-03-20T10:30:00Z"
    assert [(one["service_id"], one["drifted"]) for one in got(api, "/services")["items"]] == [("shop", True)]


def test_the_graph_leads_from_a_commit_to_the_service_and_back(api):
    forth = got(api, "/graph/descendants?id=c/1")
    back = got(api, "/graph/ancestors?id=shop&depth=2")

    assert {node["node_id"]: node["depth"] for node in forth["nodes"]} == {"c/1": 0, PURL: 1, "run-1": 1, "shop": 2}
    assert {node["node_id"] for node in back["nodes"]} >= {"shop", PURL, "c/1", "prod"}
    assert ("shop", PURL, "deployedWith", None) in {
        (e["from_node_id"], e["to_node_id"], e["relation"], e["ended_at"]) for e in back["edges"]
    }
    assert got(api, "/graph/ancestors?id=shop&limit=2")["complete"] is False


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/events?nosuch=1", 400, "request-invalid"),
        ("/events?cursor=garbage", 400, "cursor-invalid"),
        ("/events?limit=0", 422, "request-invalid"),
        ("/events?limit=100000", 422, "request-invalid"),
        ("/events?subject=%00", 422, "request-invalid"),
        ("/events?from=yesterday", 422, "request-invalid"),
        ("/events/0", 422, "request-invalid"),
        ("/events/99999999", 404, "not-found"),
        ("/subject?id=nobody", 404, "not-found"),
        ("/subject", 422, "request-invalid"),
        ("/graph/sideways?id=shop", 422, "request-invalid"),
        ("/graph/ancestors?id=nobody", 404, "not-found"),
        ("/quarantine/99999999", 404, "not-found"),
        ("/nosuch", 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_says_why(api, path, status, code):
    response = api.get(f"{BASE}{path}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


def test_the_quarantine_is_listed_shown_replayed_and_dropped(api):
    import httpx

    number = got(api, "/quarantine?reason=context-missing")["items"][0]["id"]
    post = lambda what, **headers: httpx.post(f"{api.url}{BASE}/quarantine/{number}/{what}", headers=headers)  # noqa: E731

    assert got(api, f"/quarantine/{number}")["payload"] or got(api, f"/quarantine/{number}")["text"]
    assert post("replay").json()["outcome"] == "malformed"
    assert post("drop", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post("drop").json()["state"] == "dropped"
    assert post("drop").json()["code"] == "quarantine-settled"


def test_changing_the_quarantine_asks_for_the_token_that_sending_asks_for(postgres18):
    import httpx

    with served(postgres18, http_tokens="secret") as one:
        number = httpx.post(f"{one.url}/cdevents", json=[{}], headers={"Authorization": "Bearer secret"}).json()[
            "events"
        ][0]["quarantine_id"]
        url = f"{one.url}{BASE}/quarantine/{number}/drop"

        assert httpx.post(url).status_code == 401
        assert httpx.post(url, headers={"Authorization": "Bearer secret"}).status_code == 200


def test_a_get_writes_nothing(api):
    before = api.ask("SELECT count(*), (SELECT count(*) FROM evistore.quarantine) FROM cdviz.subject_state")
    for path in ("/events", "/subject?id=shop", "/graph/ancestors?id=shop", "/running"):
        got(api, path)

    assert api.ask("SELECT count(*), (SELECT count(*) FROM evistore.quarantine) FROM cdviz.subject_state") == before


@pytest.fixture(scope="module")
def document(api):
    return api.get("/openapi.json").json()


def operations(document):
    return [(path, method, one) for path, item in document["paths"].items() for method, one in item.items()]


def test_the_openapi_document_is_valid(document):
    validate(document)


def test_every_operation_says_what_it_is_for_what_it_answers_and_what_can_go_wrong(document):
    for path, method, one in operations(document):
        assert one.get("summary"), (path, method)
        assert not one["summary"].endswith("."), path
        if not path.startswith(BASE):
            continue
        assert one.get("description"), (path, method)
        for status, answer in one["responses"].items():
            (media, content), *_ = answer["content"].items()
            assert "example" in content, (path, status)
            fine = "text/event-stream" if path == FEED else "application/json"
            assert media == (fine if status == "200" else "application/problem+json"), (path, status)
        assert {"200", "400", "422", "500", "503"} <= set(one["responses"]), path
        for parameter in one.get("parameters", []):
            assert parameter.get("description"), (path, parameter["name"])


def test_names_of_operations_are_unique_and_ids_never_stand_in_paths(document):
    names = [one["operationId"] for _, _, one in operations(document)]

    assert len(names) == len(set(names))
    assert not [path for path in document["paths"] if "{id}" in path or "{subject_id}" in path]


def test_garbage_is_never_a_fault_of_the_server(api):
    document = json.loads(api.get("/openapi.json").text)
    document["paths"] = {
        path: item for path, item in document["paths"].items() if path.startswith(BASE) and path != FEED
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=api.url)
    checks = [schemathesis.checks.not_a_server_error, *_conformance()]

    for operation in schema.get_all_operations():
        _run(operation.ok(), checks)


def _conformance():
    from schemathesis.specs.openapi import checks

    return [checks.response_schema_conformance, checks.content_type_conformance, checks.status_code_conformance]


def _run(operation, checks):
    from hypothesis import given

    @given(case=operation.as_strategy())
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case):
        case.call_and_validate(checks=checks)

    check()
