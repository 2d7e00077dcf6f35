"""What the interface says of itself: whether it works, what runs, figures, its description."""

from __future__ import annotations

import re
import time

import httpx
import psycopg
import pytest
from openapi_spec_validator import validate

from fixtures.databases import template
from fixtures.insights import LONG, PREFIX, identity
from fixtures.serving import serving


def test_the_main_page_says_ok(insights):
    assert insights.get("").text == '{"status":"ok"}\n'


def test_the_main_page_tells_that_the_database_is_away_and_that_it_is_back(postgres18):
    database = postgres18.fresh_database(template(postgres18))
    with serving(database, clusters_api_prefixes=PREFIX) as server:
        assert server.get(PREFIX).status_code == 200

        postgres18.discard(database)
        away = server.get(PREFIX)
        listed = server.get(f"{PREFIX}organizations/1/clusters")

        assert (away.status_code, away.headers["x-error-code"]) == (503, "database-away")
        assert (listed.status_code, listed.json()) == (500, {"status": "Internal Server Error"})
        assert listed.headers["x-error-code"] == "database-away"


def test_a_lost_connection_is_not_noticed_by_who_reads(insights, org):
    cluster = insights.report(org)
    assert insights.get(f"organizations/{org}/clusters").json()["clusters"] == [cluster]

    with psycopg.connect(insights.server.database, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()

    assert ended[0] > 0
    for _ in range(8):
        assert insights.get(f"organizations/{org}/clusters").json()["clusters"] == [cluster]


def test_info_tells_versions_in_the_forms_that_clients_check(insights):
    told = insights.get("info").json()

    info = told["info"]
    assert told["status"] == "ok"
    assert list(info) == sorted(info)
    assert (info["OCP_DB_version"], info["DVO_DB_version"]) == ("32", "4")
    assert re.fullmatch(r"[0-9a-f]{40}", info["BuildCommit"])
    assert re.fullmatch(r"v\d+\.\d+\.\d+", info["UtilsVersion"])
    assert re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}", info["BuildTime"])
    assert info["BuildBranch"]
    assert info["BuildVersion"]


def test_metrics_have_the_names_of_dashboards_and_few_labels(insights, guarded, org):
    insights.get(f"organizations/{org}/clusters")
    insights.get("organizations/x/clusters")
    for user in ("one", "two"):
        insights.get(f"rules/users/{user}/disabled/feedback")

    answer = guarded.get("metrics")
    page = insights.get("metrics").text

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    for name in (
        'aggregator_api_endpoints_requests{endpoint="list_clusters"}',
        'aggregator_api_endpoints_status_codes{endpoint="list_clusters",status_code="400"}',
        'aggregator_api_endpoints_response_time_count{endpoint="list_clusters"}',
        "aggregator_sql_queries_counter",
        'aggregator_sql_queries_durations_count{query="list_clusters"}',
        "feedback_on_rules",
        "rating_on_rules",
        "process_cpu_seconds_total",
    ):
        assert any(line.startswith(f"{name} ") for line in page.splitlines()), name
    assert "one" not in set(re.findall(r'"([^"]*)"', page))


@pytest.mark.parametrize("prefix", [PREFIX, LONG])
def test_the_description_is_valid_openapi_and_needs_no_token(guarded, prefix):
    answer = httpx.get(f"{guarded.server.url}{prefix}openapi.json")

    document = answer.json()
    validate(document)
    assert answer.headers["content-type"] == "application/json"
    assert [one["url"] for one in document["servers"]] == [LONG[:-1], PREFIX[:-1]]
    assert httpx.get(f"{guarded.server.url}{prefix}openapi.json?").status_code == 200


def test_operations_for_debugging_are_described_in_debug_mode_only(insights, guarded):
    def debugging(interface):
        paths = interface.get("openapi.json").json()["paths"].values()
        return {one["operationId"] for methods in paths for one in methods.values() if one["tags"] == ["debug"]}

    assert debugging(guarded) == set()
    assert debugging(insights) >= {"list_organizations", "delete_clusters", "delete_organizations", "get_vote"}


def test_profiles_are_not_served_in_any_mode(insights, guarded):
    for one in (insights, guarded):
        found = httpx.get(f"{one.server.url}/debug/pprof/", headers={"x-rh-identity": identity()})
        assert found.status_code == 404


def test_requests_are_counted_by_their_template_in_the_metrics_of_the_server(insights, org):
    insights.get(f"organizations/{org}/clusters")

    page = insights.server.get("/metrics").text

    assert 'route="clusters:organizations/{organization}/clusters"' in page
    assert f"organizations/{org}" not in page


def test_what_is_not_answered_in_time_is_told_and_cancelled(postgres18):
    database = postgres18.fresh_database(template(postgres18))
    with (
        serving(database, clusters_api_prefixes=PREFIX, http_request_seconds=1) as server,
        psycopg.connect(database) as holder,
    ):
        holder.execute("LOCK TABLE public.report")

        late = server.get(f"{PREFIX}organizations/1/clusters")

        assert (late.status_code, late.headers["x-error-code"]) == (503, "request-timeout")
        assert late.json() == {"status": "no answer within 0.9 s"}
        time.sleep(1)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        assert holder.execute(waiting).fetchone() == (0,)
        holder.rollback()
        assert server.get(f"{PREFIX}organizations/1/clusters").status_code == 200
    postgres18.discard(database)
