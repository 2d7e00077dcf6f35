"""One life of a recommendation over HTTP, on the oldest server that is supported; and what each question costs."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest

from evistore.clusters.routes import acknowledgements, deletions, feedback, ratings, toggles
from evistore.clusters.routes.call import Call, Caller
from evistore.kernel.errors import NotFound
from fixtures.databases import template
from fixtures.insights import _served, identity
from fixtures.settling import Counting

OPERATIONS = [
    *feedback.OPERATIONS,
    *toggles.OPERATIONS,
    *acknowledgements.OPERATIONS,
    *ratings.OPERATIONS,
    *deletions.OPERATIONS,
]


@pytest.fixture
def oldest(postgres15):
    """A server on PostgreSQL 15 that asks for the header, in debug mode."""
    database = postgres15.fresh_database(template(postgres15))
    with contextmanager(_served)(database, clusters_debug=True, clusters_auth=True) as server:
        yield server
    postgres15.discard(database)


def test_all_that_can_be_said_is_said_and_read_on_postgresql_15(oldest):
    token = identity("1", user_id="ann")
    cluster = oldest.report(1)
    hit = f"clusters/{cluster}/rules/ccx.a.report/error_key/EK1"
    rule = "rules/ccx.a.report/error_key/EK1/organizations/1/"

    def said(method, place, body=None):
        answer = oldest.call(method, place, body, token=token)
        assert answer.status_code == 200, (place, answer.text)
        return answer.json()

    for verb in ("like", "dislike"):
        said("PUT", f"{hit}/organizations/1/users/ann/{verb}", {"message": verb})
    said("PUT", f"{hit}/organizations/1/disable")
    said("POST", f"{hit}/organizations/1/users/ann/disable_feedback", {"message": "because"})
    said("PUT", f"{rule}disable", {"justification": "all know"})
    said("POST", f"{rule}update", {"justification": "everybody knows"})
    said("POST", "rules/organizations/1/rating", {"rule": "ccx.a|EK1", "rating": -1})

    assert said("GET", f"{hit}/users/ann/get_vote")["vote"] == -1
    [listed] = said("GET", "rules/organizations/1/disabled")["rules"]
    assert said("POST", "rules/organizations/1/disabled_for_clusters", [cluster])["rules"] == [listed]
    assert said("GET", "rules/users/ann/disabled/feedback")["reasons"][0]["Message"] == "because"
    [disabled] = said("GET", "clusters/rules/ccx.a.report/error_key/EK1/organizations/1/disabled")["clusters"]
    assert disabled["justification"] == "because"
    assert said("GET", rule)["disabledRule"]["justification"] == "everybody knows"
    assert len(said("GET", "rules/organizations/1/disabled_system_wide")["disabledRules"]) == 1
    assert said("GET", "rules/ccx.a|EK1/organizations/1/rating")["rating"]["rating"] == -1

    said("PUT", f"{hit}/organizations/1/enable")
    said("PUT", f"{rule}enable")
    said("DELETE", f"clusters/{cluster}")
    said("DELETE", "organizations/1")
    trail = oldest.ask("SELECT DISTINCT action FROM clusters.rule_change ORDER BY 1")
    assert [one for (one,) in trail] == [
        "acknowledged",
        "deleted",
        "disabled",
        "enabled",
        "explained",
        "updated",
        "withdrawn",
    ]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_each_request_asks_one_statement(evidence: psycopg.Connection, operation):
    parts = {parameter.name: parameter.example or "x" for parameter in (*operation.checks, *operation.later)}
    parts |= {"organizations": "1"}
    bodies = {"list_disabled_for_clusters": b'["x"]', "rate": b'{"rule":"ccx.a|EK1"}'}
    call = Call(parts, body=bodies.get(operation.name, b"{}"))
    evidence.execute(
        "INSERT INTO public.report (org_id, cluster, report) VALUES (1, %s, '{}')", [parts.get("cluster", "x")]
    )
    counting = Counting(evidence)

    for asker in (None, Caller(1, "12")):
        call.caller = asker
        try:
            operation.handler(counting, call)
        except NotFound:
            assert operation.name in ("get_vote", "get_acknowledgement", "get_rating")

    assert counting.asked == 2


def test_what_operations_are_called_is_told_apart():
    names = [one.name for one in OPERATIONS]
    assert sorted(set(names)) == sorted(names)
