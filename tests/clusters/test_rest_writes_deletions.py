"""Debugging over HTTP: what is deleted is gone with all that hangs on it."""

from __future__ import annotations

import pytest

from fixtures.insights import identity
from fixtures.insights_faults import CLUSTER_FAULTS, foreign, param, path, told

OF_CLUSTER = {
    "public.report": "cluster",
    "public.rule_hit": "cluster_id",
    "public.recommendation": "cluster_id",
    "public.report_info": "cluster_id",
    "public.cluster_rule_toggle": "cluster_id",
    "public.cluster_rule_user_feedback": "cluster_id",
    "public.cluster_user_rule_disable_feedback": "cluster_id",
    "dvo.dvo_report": "cluster_id",
    "clusters.hit_episode": "cluster_id",
    "clusters.workload_check": "cluster_id",
}
OF_ORGANIZATION = ["public.rule_disable", "public.advisor_ratings"]


def filled(insights, org):
    """A cluster with a row in every table that knows clusters."""
    cluster = insights.report(org)
    insights.hit(org, cluster)
    insights.insert("public.report_info", org_id=org, cluster_id=cluster, version_info="4.14")
    of_dvo = {"org_id": org, "cluster_id": cluster, "namespace_id": "n", "recommendations": 1, "objects": 1}
    insights.insert("dvo.dvo_report", **of_dvo)
    insights.insert("clusters.workload_check", org_id=org, cluster_id=cluster, last_checked_at="2026-01-01")
    insights.insert(
        "clusters.hit_episode", cluster_id=cluster, rule_fqdn="ccx.a", error_key="EK1", appeared_at="2026-01-01"
    )
    hit = f"clusters/{cluster}/rules/ccx.a.report/error_key/EK1/organizations/{org}"
    for method, place in [("PUT", "disable"), ("PUT", "users/u/like"), ("POST", "users/u/disable_feedback")]:
        assert insights.call(method, f"{hit}/{place}", {}).status_code == 200
    insights.put(f"rules/foo/error_key/bar/organizations/{org}/disable", {})
    insights.post(f"rules/organizations/{org}/rating", {"rule": "ccx.a|EK1"})
    return cluster


def left(insights, cluster):
    """The tables that still know the cluster."""
    return {
        table for table, name in OF_CLUSTER.items() if insights.ask(f"SELECT FROM {table} WHERE {name} = %s", cluster)
    }


def left_of(insights, org):
    return {table for table in OF_ORGANIZATION if insights.ask(f"SELECT FROM {table} WHERE org_id = %s", str(org))}


def test_every_table_that_knows_clusters_is_looked_at(insights):
    query = """
        SELECT DISTINCT n.nspname || '.' || c.relname
          FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'dvo', 'clusters') AND c.relkind = 'r' AND a.attname IN ('cluster', 'cluster_id')
    """
    assert {name for (name,) in insights.ask(query)} == {*OF_CLUSTER, "clusters.change"}


def test_clusters_go_with_all_that_hangs_on_them(insights, org):
    first, second, kept = (filled(insights, org) for _ in range(3))
    assert left(insights, first) == set(OF_CLUSTER)

    answer = insights.call("DELETE", f"clusters/{first},{second}")

    assert (answer.status_code, answer.text) == (200, '{"status":"ok"}\n')
    assert left(insights, first) == left(insights, second) == set()
    assert left(insights, kept) == set(OF_CLUSTER)
    assert left_of(insights, org) == set(OF_ORGANIZATION)


def test_unknown_clusters_cost_nothing(insights, org):
    cluster = filled(insights, org)
    unknown = cluster[:-1] + ("0" if cluster[-1] != "0" else "1")

    assert insights.call("DELETE", f"clusters/{unknown}").text == '{"status":"ok"}\n'
    assert insights.call("DELETE", f"clusters/{unknown},{cluster}").text == '{"status":"ok"}\n'
    assert left(insights, cluster) == set()


def test_organisations_go_with_all_that_is_known_of_them(insights, org):
    other, spared = org + 1_000_000, org + 2_000_000
    gone, also, kept = (filled(insights, one) for one in (org, other, spared))
    insights.insert("clusters.workload_check", org_id=org, cluster_id=f"workloads-{org}", last_checked_at="2026-01-01")
    insights.insert(
        "public.rule_hit", org_id=org, cluster_id=f"stray-{org}", rule_fqdn="r", error_key="k", template_data=""
    )

    answer = insights.call("DELETE", f"organizations/{org},{other},0")

    assert (answer.status_code, answer.text) == (200, '{"status":"ok"}\n')
    for cluster in (gone, also, f"workloads-{org}", f"stray-{org}"):
        assert left(insights, cluster) == set()
    assert left_of(insights, org) == left_of(insights, other) == set()
    assert left(insights, kept) == set(OF_CLUSTER)
    assert left_of(insights, spared) == set(OF_ORGANIZATION)


@pytest.mark.parametrize("given", ["x", "1,", ",1", "1,,2", "-1", "1, 2", "1.0", "' OR 1=1", "18446744073709551616"])
def test_a_list_of_organisations_that_is_none_is_refused(insights, given):
    answer = insights.call("DELETE", path("organizations/{o}", o=given))

    assert told(answer) == (400, param("organizations", given, "integer array expected"))


def test_numbers_that_are_no_organisations_cost_nothing(insights):
    for given in ("0", "4294967296", "18446744073709551615", "00"):
        assert insights.call("DELETE", f"organizations/{given}").text == '{"status":"ok"}\n'


@pytest.mark.parametrize(("given", "fault"), CLUSTER_FAULTS)
def test_a_list_of_clusters_that_is_none_is_refused(insights, org, given, fault):
    cluster = filled(insights, org)

    answer = insights.call("DELETE", path("clusters/{c}", c=f"{cluster},{given}"))

    assert told(answer) == (400, param("cluster", given, fault))
    assert left(insights, cluster) == set(OF_CLUSTER)


def test_without_debug_mode_nothing_is_there(insights, guarded, org):
    cluster = filled(insights, org)

    for place in (f"clusters/{cluster}", f"organizations/{org}"):
        answer = guarded.call("DELETE", place, token=identity(str(org)))
        assert (answer.status_code, answer.text) == (404, "404 page not found")
    assert left(insights, cluster) == set(OF_CLUSTER)


def test_the_caller_deletes_what_is_his_only(insights, examined, org):
    other = org + 1_000_000
    mine, theirs = filled(insights, org), filled(insights, other)
    token = identity(str(org))

    assert told(examined.call("DELETE", f"clusters/{mine},{theirs}", token=token)) == (403, foreign(other, org))
    assert told(examined.call("DELETE", f"organizations/{org},{other}", token=token)) == (403, foreign(other, org))
    assert left(insights, mine) == left(insights, theirs) == set(OF_CLUSTER)

    assert examined.call("DELETE", f"clusters/{mine}", token=token).status_code == 200
    assert left(insights, mine) == set()
    assert examined.call("DELETE", f"organizations/{org}", token=token).status_code == 200
    assert left_of(insights, org) == set()
