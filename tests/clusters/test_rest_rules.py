"""The ground rules of the interface: which path is which, methods, redirects, tokens, and what OPTIONS does not do."""

from __future__ import annotations

import base64
import json
import socket

import pytest

from fixtures.insights import LONG, PREFIX, identity

CLUSTER = "5d5892d3-1f74-4ccf-91af-548dfc9767aa"
REPORT = f"organizations/1/clusters/{CLUSTER}/users/12/report"
TAKES_OPTIONS = [
    "info",
    REPORT,
    f"{REPORT}/info",
    f"organizations/1/clusters/{CLUSTER}/users/12/rules/ccx.a.report%7CEK1",
    *(
        f"clusters/{CLUSTER}/rules/ccx.a.report/error_key/EK1/organizations/1/users/12/{vote}"
        for vote in ("like", "dislike", "reset_vote")
    ),
    *(f"clusters/{CLUSTER}/rules/ccx.a.report/error_key/EK1/organizations/1/{what}" for what in ("disable", "enable")),
    "rules/organizations/1/disabled_for_clusters",
    *(f"rules/ccx.a.report/error_key/EK1/organizations/1/{what}" for what in ("disable", "enable", "update")),
    "recommendations/organizations/1/users/12/list",
    "clusters/organizations/1/users/12/recommendations",
]
TAKES_NO_OPTIONS = [
    "",
    "metrics",
    "openapi.json",
    "organizations/1/clusters",
    f"organizations/1/clusters/{CLUSTER}/reports",
    "organizations/1/clusters/reports",
    f"clusters/{CLUSTER}/rules/ccx.a.report/error_key/EK1/organizations/1/users/12/disable_feedback",
    "rules/organizations/1/disabled",
    "rules/users/12/disabled/feedback",
    "clusters/rules/ccx.a.report/error_key/EK1/organizations/1/disabled",
    "rules/ccx.a%7CEK1/organizations/1/users/12/clusters_detail",
    "rules/ccx.a.report/error_key/EK1/organizations/1/",
    "rules/organizations/1/disabled_system_wide",
    "rules/organizations/1/rating",
    "rules/ccx.a%7CEK1/organizations/1/rating",
    "organization/1/workloads",
    f"organization/1/namespace/A/cluster/{CLUSTER}/workloads",
]
DEBUG_ONLY = [
    ("GET", "organizations"),
    ("DELETE", "organizations/1"),
    ("DELETE", f"clusters/{CLUSTER}"),
    ("GET", f"clusters/{CLUSTER}/rules/ccx.a.report/error_key/EK1/users/12/get_vote"),
]
MALFORMED = "Malformed authentication token"


def raw(insights, line, *headers):
    """The answer to a request line that no client library would send."""
    with socket.create_connection(insights.server.address, timeout=20) as connection:
        head = "\r\n".join([f"{line} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""])
        connection.sendall(head.encode("latin-1"))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer.decode()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("prefix", [PREFIX, LONG])
def test_every_prefix_answers(insights, prefix, org):
    assert insights.client.get(f"{prefix}organizations/{org}/clusters").json() == {"clusters": [], "status": "ok"}


@pytest.mark.parametrize("path", ["nothing", "organizations/1", "organizations/1/clusters/x", "info/x", "rules"])
def test_an_unknown_path_is_told_in_plain_text_and_asks_for_no_token(guarded, path):
    answer = guarded.get(path)

    assert (answer.status_code, answer.text) == (404, "404 page not found")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-error-code"] == "not-found"


@pytest.mark.parametrize(("method", "path"), DEBUG_ONLY)
def test_what_is_for_debugging_is_not_there_otherwise(guarded, method, path):
    assert guarded.call(method, path, token=identity()).status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "DELETE", "PATCH", "PUT"])
@pytest.mark.parametrize("path", ["", "info", REPORT, "organizations/1/clusters", "organization/1/workloads"])
def test_another_method_is_refused_without_a_word_and_asks_for_no_token(guarded, method, path):
    answer = guarded.call(method, path)

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (405, b"", "0")
    assert answer.headers["x-error-code"] == "method-not-allowed"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", TAKES_OPTIONS)
def test_options_are_told_without_token_and_data(guarded, path):
    answer = guarded.call("OPTIONS", path)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["allow"].endswith(", OPTIONS")


@pytest.mark.parametrize("path", TAKES_NO_OPTIONS)
def test_options_are_not_there_everywhere(guarded, path):
    assert guarded.call("OPTIONS", path).status_code == 405


def test_options_have_no_effect(insights, org):
    cluster = insights.report(org)
    place = f"clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/{org}"

    for path in (
        f"{place}/users/12/like",
        f"{place}/disable",
        f"rules/ccx.a/error_key/EK1/organizations/{org}/disable",
    ):
        assert insights.call("OPTIONS", path, {"justification": "x"}).status_code == 200

    for table in ("cluster_rule_user_feedback", "cluster_rule_toggle", "rule_disable"):
        assert insights.ask(f"SELECT count(*) FROM public.{table} WHERE org_id = %s", str(org)) == [(0,)]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("info/", "info"),
        ("organizations/1/clusters/", "organizations/1/clusters"),
        ("rules/ccx.a.report/error_key/EK1/organizations/1", "rules/ccx.a.report/error_key/EK1/organizations/1/"),
        ("rules/a%7CB/organizations/1/rating/", "rules/a%7CB/organizations/1/rating"),
    ],
)
def test_a_slash_too_many_or_too_few_is_redirected_after_the_token(guarded, sent, meant):
    assert guarded.get(sent).status_code == 401

    answer = guarded.get(sent, token=identity())
    assert (answer.status_code, answer.headers["location"]) == (301, PREFIX + meant)


def test_a_redirect_keeps_the_query_and_the_prefix_may_lack_its_slash(insights):
    answer = insights.get("info/?a=1&b=%2F")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{PREFIX}info?a=1&b=%2F")

    bare = insights.client.get(PREFIX[:-1])
    assert (bare.status_code, bare.headers["location"]) == (301, PREFIX)
    assert insights.client.post(PREFIX[:-1]).status_code == 405


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("/api//v1/info", "/api/v1/info"),
        ("/api/v1//info", "/api/v1/info"),
        ("/api/v1/x/../info", "/api/v1/info"),
        ("/api/v1/./info/", "/api/v1/info/"),
        ("/x/../api/v1/nothing", "/api/v1/nothing"),
        ("/api/v1/a/%2e%2e/info", "/api/v1/info"),
    ],
)
def test_empty_and_dot_parts_are_redirected_without_token(guarded, sent, meant):
    answer = raw(guarded, f"GET {sent}").lower()

    assert answer.startswith("http/1.1 301")
    assert f"\r\nlocation: {meant}\r\n" in answer


def test_a_redirect_never_leads_to_another_host(guarded):
    for sent in ("/..//evil.example/..//api/v1//x.example/", "/api/v1/..//..//evil.example/../api/v1/info"):
        answer = raw(guarded, f"GET {sent}").lower()
        location = next((line for line in answer.splitlines() if line.startswith("location:")), "location: /")
        assert location.split(": ")[1].startswith("/")
        assert not location.split(": ")[1].startswith("//")


def test_paths_are_matched_after_decoding(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster)

    divided = insights.get(f"organizations%2F{org}/clusters")
    encoded_bar = insights.get(f"organizations/{org}/clusters/{cluster}/users/1/rules/ccx.a.report%7CEK1")
    plain_bar = raw(insights, f"GET {PREFIX}organizations/{org}/clusters/{cluster}/users/1/rules/ccx.a.report|EK1")

    assert divided.json()["clusters"] == [cluster]
    assert encoded_bar.status_code == 200
    assert plain_bar.startswith("HTTP/1.1 200")


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_nothing_is_told(guarded, token):
    answer = guarded.get("organizations/1/clusters", token=token)

    assert (answer.status_code, answer.json()) == (401, {"status": "Missing auth token"})
    assert answer.headers["x-error-code"] == "identity-missing"
    assert guarded.call("GET", "info").status_code == 401


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "e30",
        encoded("{"),
        encoded("[]"),
        encoded(json.dumps({"identity": {"org_id": "1"}}) + " x"),
        encoded(json.dumps({"identity": {"org_id": 1}})),
        encoded(json.dumps({"identity": []})),
        identity("-1"),
        identity("one"),
        identity("4294967296"),
        identity("+1"),
        identity("1.0"),
        identity(["1"]),
        identity("1", user_id=12),
        identity("1", user_id="12", email=[]),
        encoded(json.dumps({"identity": {"org_id": "1", "account_number": 42}})),
        encoded(json.dumps({"identity": {"org_id": "1", "user": "jo"}})),
        encoded('{"identity":{"org_id":"10"}}').rstrip("="),
        "Bearer abc",
        "9" * 5000,
        encoded("[" * 5000),
    ],
)
def test_a_token_that_is_none_is_malformed(guarded, token):
    answer = guarded.get("organizations/1/clusters", token=token)

    assert (answer.status_code, answer.json()) == (401, {"status": MALFORMED})
    assert answer.headers["x-error-code"] == "identity-malformed"


@pytest.mark.parametrize("org_id", ["0", None])
def test_a_token_without_organisation_is_told_apart(guarded, org_id):
    user = {"username": "jo", "email": "e@x", "user_id": "5"}
    token = encoded(json.dumps({"identity": {"account_number": "7", "org_id": org_id, "user": user}}))

    answer = guarded.get("organizations/1/clusters", token=token)

    assert (answer.status_code, answer.headers["x-error-code"]) == (401, "identity-incomplete")
    assert answer.json()["status"] == (
        "error retrieving requester org_id from token. account_number [7], user data [{Username:jo Email:e@x UserID:5}]"
    )


def test_the_user_may_be_absent_and_names_may_have_any_case(guarded, org):
    for told in ({"identity": {"org_id": str(org)}}, {"Identity": {"ORG_ID": str(org), "internal": {"org_id": "9"}}}):
        answer = guarded.get(f"organizations/{org}/clusters", token=encoded(json.dumps(told)))
        assert answer.status_code == 200


def test_bearer_tokens_are_not_looked_at(guarded):
    answer = guarded.client.get(f"{PREFIX}organizations/1/clusters", headers={"Authorization": "Bearer abc"})
    assert answer.json() == {"status": "Missing auth token"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "organizations/{org}/clusters", None),
        ("GET", "organizations/{org}/clusters/{cluster}/users/12/report", None),
        ("GET", "organizations/{org}/clusters/{cluster}/users/12/report/info", None),
        ("GET", "organizations/{org}/clusters/{cluster}/users/12/rules/ccx.a.report%7CEK1", None),
        ("GET", "organizations/{org}/clusters/{cluster}/reports", None),
        ("POST", "organizations/{org}/clusters/reports", {"clusters": ["{cluster}"]}),
        ("PUT", "clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/{org}/users/12/like", None),
        ("PUT", "clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/1/users/12/like", None),
        ("PUT", "clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/{org}/disable", None),
        ("PUT", "clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/1/disable", None),
        (
            "POST",
            "clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/1/users/12/disable_feedback",
            {"message": "x"},
        ),
        ("GET", "rules/organizations/{org}/disabled", None),
        ("POST", "rules/organizations/{org}/disabled_for_clusters", ["{cluster}"]),
        ("GET", "clusters/rules/ccx.a.report/error_key/EK1/organizations/{org}/disabled", None),
        ("GET", "rules/ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail", None),
        ("PUT", "rules/ccx.a/error_key/EK1/organizations/{org}/disable", {"justification": "x"}),
        ("PUT", "rules/ccx.a/error_key/EK1/organizations/{org}/enable", None),
        ("POST", "rules/ccx.a/error_key/EK1/organizations/{org}/update", {"justification": "x"}),
        ("GET", "rules/ccx.a/error_key/EK1/organizations/{org}/", None),
        ("GET", "rules/organizations/{org}/disabled_system_wide", None),
        ("POST", "rules/organizations/{org}/rating", {"rule": "ccx.a|EK1", "rating": 1}),
        ("GET", "rules/ccx.a%7CEK1/organizations/{org}/rating", None),
        ("POST", "recommendations/organizations/{org}/users/12/list", ["{cluster}"]),
        ("POST", "clusters/organizations/{org}/users/12/recommendations", ["{cluster}"]),
        ("GET", "organization/{org}/workloads", None),
        ("POST", "organization/{org}/workloads", ["{cluster}"]),
        ("GET", "organization/{org}/namespace/A/cluster/{cluster}/workloads", None),
    ],
)
def test_another_organisation_is_refused_on_every_path(insights, guarded, org, *, method, path, body):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    place = path.format(org=org, cluster=cluster)
    sent = None if body is None else json.loads(json.dumps(body).replace("{cluster}", cluster))

    refused = guarded.call(method, place, sent, token=identity("1"))

    assert (refused.status_code, refused.headers["x-error-code"]) == (403, "foreign-organization")
    assert refused.json()["status"] == (
        f"you have no permissions to get or change info about the organization with ID {org}; "
        "you can access info about organization with ID 1"
    )


@pytest.mark.parametrize("sent", ["%FF", "%zz", "%", "%00", "%C3%28"])
def test_an_odd_encoding_is_no_fault_of_the_server(insights, sent):
    answer = raw(insights, f"GET {PREFIX}organizations/{sent}/clusters")

    assert answer.startswith("HTTP/1.1 400")
    assert "unsigned integer expected" in answer
