"""`POST /insights/reports` and `/insights/workloads` on a listening server: what each thing that can be sent is answered with, and what is kept."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import zstandard

from fixtures.insights_messages import CHECKED, report_message, workload, workloads_message
from fixtures.serving import served

PROBLEM = "application/problem+json"
REPORTS, WORKLOADS = "/insights/reports", "/insights/workloads"
LIMIT = 64 * 1024
TOKEN, SECRET = "a-token-of-some-length", "a-secret-of-some-length"


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18, http_body_limit=LIMIT, clusters_message_limit=32 * 1024) as one:
        yield one


@pytest.fixture(scope="module")
def guarded(postgres18):
    with served(postgres18, http_tokens=TOKEN, http_signature_secret=SECRET) as one:
        yield one


@pytest.fixture(scope="module")
def picky(postgres18, tmp_path_factory):
    """A server that takes in messages of organisation 7 only."""
    file = tmp_path_factory.mktemp("picky") / "organizations.csv"
    file.write_text("OrgID\n7\n", "utf-8")
    with served(postgres18, clusters_organizations_file=file) as one:
        yield one


@pytest.fixture
def cluster():
    return str(uuid4())


def post(one, path, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(one.url + path, content=content, headers={"Content-Type": "application/json"} | named, timeout=30)


def batch(*messages):
    return b"[" + b",".join(messages) + b"]"


def kept(one, number):
    """What quarantine holds under that number."""
    ((kind, reason, detail, origin, raw, seen),) = one.ask(
        "SELECT kind, reason, detail, origin, raw, seen FROM clusters.quarantine WHERE id = %s", number
    )
    return {"kind": kind, "reason": reason, "detail": detail, "origin": origin, "raw": bytes(raw), "seen": seen}


def findings(one, cluster):
    rows = one.ask("SELECT error_key FROM public.recommendation WHERE cluster_id = %s ORDER BY 1", cluster)
    return [key for (key,) in rows]


def test_a_report_is_stored_and_told_so(site, cluster):
    answer = post(site, REPORTS, report_message(org=7, cluster=cluster, hits=["rules.a|A"], version="4.16.1"))

    assert (answer.status_code, answer.json()) == (201, {"outcome": "stored"})
    assert findings(site, cluster) == ["A"]
    assert site.ask("SELECT org_id, version_info FROM public.report_info WHERE cluster_id = %s", cluster) == [
        (7, "4.16.1")
    ]


def test_workloads_are_stored_by_namespace(site, cluster):
    message = workloads_message(cluster=cluster, items=[workload(namespaces=[("A", "u1"), ("B", "u2")])])
    answer = post(site, WORKLOADS, message)

    assert (answer.status_code, answer.json()) == (201, {"outcome": "stored"})
    assert site.ask("SELECT namespace_id FROM dvo.dvo_report WHERE cluster_id = %s ORDER BY 1", cluster) == [
        ("A",),
        ("B",),
    ]


def test_what_is_not_newer_changes_nothing_and_is_told_apart(site, cluster):
    first = report_message(cluster=cluster, hits=["rules.a|A"])
    older = report_message(cluster=cluster, hits=["rules.a|B"], last_checked=CHECKED - timedelta(minutes=1))
    nothing = report_message(cluster=cluster, Report={})

    told = [post(site, REPORTS, message) for message in (first, first, older, nothing)]

    assert [(one.status_code, one.json()) for one in told] == [
        (201, {"outcome": "stored"}),
        (200, {"outcome": "repeated"}),
        (200, {"outcome": "older"}),
        (200, {"outcome": "skipped"}),
    ]
    assert findings(site, cluster) == ["A"]


def test_a_faulty_message_is_kept_and_all_its_faults_are_told(site):
    message = report_message(org=-1, cluster="no uuid", last_checked="yesterday", Report={"reports": 5})
    answer = post(site, REPORTS, message)

    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"], told["outcome"]) == (202, PROBLEM, "faulty")
    pointers = [fault["pointer"] for fault in told["faults"]]
    assert {"/OrgID", "/ClusterName", "/LastChecked"} <= set(pointers)
    assert any(pointer.startswith("/Report") for pointer in pointers)
    assert all(fault["code"] and fault["text"] for fault in told["faults"])
    assert told["code"] == told["faults"][0]["code"]
    found = kept(site, told["quarantine_id"])
    assert (found["kind"], found["origin"], found["raw"]) == ("report", "http", message)
    assert found["reason"] == told["code"]
    assert all(fault["text"] in found["detail"] for fault in told["faults"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b'"text"',
        b"5",
        b"null",
        b"\xff\xfe",
        b'{"OrgID": 1} 2',
        b"{}",
        b'{"a": "\\ud800"}',
        b'{"\\u0000": 1}',
    ],
)
def test_a_body_that_is_no_message_at_all_is_kept_as_it_came(site, body):
    answer = post(site, REPORTS, body)

    told = answer.json()
    assert (answer.status_code, told["outcome"]) == (202, "faulty")
    assert kept(site, told["quarantine_id"])["raw"] == body


def test_the_same_faulty_message_is_kept_once_for_each_door(site):
    first, again = (post(site, REPORTS, b"the same").json()["quarantine_id"] for _ in range(2))
    other = post(site, WORKLOADS, b"the same").json()["quarantine_id"]

    assert first == again != other
    assert (kept(site, first)["kind"], kept(site, first)["seen"]) == ("report", 2)
    assert (kept(site, other)["kind"], kept(site, other)["seen"]) == ("workloads", 1)
    assert kept(site, first)["reason"] == kept(site, other)["reason"]


def test_a_report_at_the_door_of_workloads_is_no_workload(site, cluster):
    told = post(site, WORKLOADS, report_message(cluster=cluster)).json()

    assert ("/Metrics", "attribute-missing") in [(fault["pointer"], fault["code"]) for fault in told["faults"]]


def test_a_list_is_told_of_message_by_message_and_a_faulty_one_costs_no_other(site, cluster):
    other = str(uuid4())
    answer = post(
        site,
        REPORTS,
        batch(
            report_message(cluster=cluster, hits=["rules.a|A"]),
            report_message(cluster=cluster, hits=["rules.a|A"]),
            b'{"OrgID": "x"}',
            report_message(cluster=other, hits=["rules.b|B"]),
        ),
    )

    told = answer.json()
    assert (answer.status_code, told["tally"]) == (200, {"stored": 2, "repeated": 1, "faulty": 1})
    assert [one["outcome"] for one in told["messages"]] == ["stored", "repeated", "faulty", "stored"]
    assert kept(site, told["messages"][2]["quarantine_id"])["raw"] == b'{"OrgID": "x"}'
    assert (findings(site, cluster), findings(site, other)) == (["A"], ["B"])


def test_an_empty_list_is_fine(site):
    answer = post(site, REPORTS, b" [ ] ")

    assert (answer.status_code, answer.json()) == (200, {"tally": {}, "messages": []})


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("zstd", zstandard.compress), ("identity", bytes)],
)
@pytest.mark.parametrize("many", [False, True])
def test_a_packed_body_is_unpacked(site, cluster, coding, pack, many):
    message = report_message(cluster=cluster, hits=["rules.a|A"])
    answer = post(site, REPORTS, pack(batch(message) if many else message), Content_Encoding=coding)

    assert answer.status_code == (200 if many else 201)
    assert findings(site, cluster) == ["A"]


def test_a_message_that_is_packed_itself_is_taken_as_its_topic_would_bring_it(site, cluster):
    answer = post(site, REPORTS, gzip.compress(report_message(cluster=cluster)))

    assert (answer.status_code, answer.json()) == (201, {"outcome": "stored"})


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"[1, ", {}, 400, "not-json"),
        (b"{}", {"Content_Encoding": "br"}, 415, "content-encoding-unknown"),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400, "content-encoding-damaged"),
        (b" " * (LIMIT + 1), {}, 413, "body-too-large"),
        (gzip.compress(b" " * (LIMIT + 1), mtime=0), {"Content_Encoding": "gzip"}, 413, "body-too-large"),
        (b"[" + b",".join([b"{}"] * 1001) + b"]", {}, 413, "batch-too-long"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_whole_and_not_kept(site, body, headers, status, code):
    before = site.ask("SELECT count(*), sum(seen) FROM clusters.quarantine")
    answer = post(site, REPORTS, body, **headers)

    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (status, PROBLEM, code)
    assert site.ask("SELECT count(*), sum(seen) FROM clusters.quarantine") == before


def test_a_message_beyond_the_limit_of_messages_is_faulty_and_costs_no_other(site, cluster):
    large = report_message(
        cluster=str(uuid4()), Report={"system": {}, "fingerprints": [], "reports": [], "more": "x" * 33_000}
    )
    told = post(site, REPORTS, batch(large, report_message(cluster=cluster))).json()

    assert [one["outcome"] for one in told["messages"]] == ["faulty", "stored"]
    assert told["messages"][0]["faults"][0]["code"] == "too-large"


def test_only_messages_of_organisations_that_are_wanted_come_in(picky, cluster):
    assert post(picky, REPORTS, report_message(org=7, cluster=cluster)).status_code == 201
    told = post(picky, REPORTS, report_message(org=8, cluster=str(uuid4()))).json()

    assert (told["outcome"], told["faults"][0]["pointer"]) == ("faulty", "/OrgID")


def test_other_methods_are_not_answered(site):
    assert [
        httpx.request(method, site.url + REPORTS, timeout=30).status_code for method in ("GET", "PUT", "DELETE")
    ] == [405] * 3


@pytest.mark.parametrize("path", [REPORTS, WORKLOADS])
def test_whoever_has_neither_token_nor_signature_is_refused_before_anything_is_kept(guarded, path):
    missing = post(guarded, path, b"{}")
    wrong = post(guarded, path, b"{}", Authorization="Bearer another")
    forged = post(guarded, path, b"{}", X_Hub_Signature_256="sha256=" + "0" * 64)

    assert [(one.status_code, one.json()["code"]) for one in (missing, wrong, forged)] == [
        (401, "credentials-missing"),
        (401, "credentials-wrong"),
        (401, "credentials-wrong"),
    ]
    assert guarded.ask("SELECT count(*) FROM clusters.quarantine") == [(0,)]


def test_a_token_lets_in(guarded, cluster):
    answer = post(guarded, REPORTS, report_message(cluster=cluster), Authorization=f"Bearer {TOKEN}")

    assert answer.status_code == 201


def test_a_signature_of_the_body_as_it_was_sent_lets_in(guarded, cluster):
    body = gzip.compress(report_message(cluster=cluster))
    sign = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    answer = post(guarded, REPORTS, body, X_Hub_Signature_256=f"sha256={sign}", Content_Encoding="gzip")

    assert answer.status_code == 201


def test_the_description_of_the_interface_tells_both_doors_and_every_status(site):
    told = site.get("/openapi.json").json()["paths"]

    for path in (REPORTS, WORKLOADS):
        post_ = told[path]["post"]
        assert set(post_["responses"]) == {"200", "201", "202", "400", "401", "413", "415", "503"}
        assert post_["requestBody"]["required"] is True
    assert told[REPORTS]["post"]["operationId"] != told[WORKLOADS]["post"]["operationId"]


def test_what_is_answered_is_as_described(site, cluster):
    told = site.get("/openapi.json").json()
    outcomes = told["paths"][REPORTS]["post"]["responses"]["201"]["content"]["application/json"]["schema"][
        "properties"
    ]["outcome"]["enum"]

    answer = post(site, REPORTS, batch(report_message(cluster=cluster), b"{}")).json()
    assert {one["outcome"] for one in answer["messages"]} <= set(outcomes)
    assert set(outcomes) == {"stored", "older", "repeated", "skipped", "faulty"}
