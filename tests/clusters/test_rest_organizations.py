"""Lists of organisations and of their clusters."""

from __future__ import annotations

from fixtures.insights import identity


def test_clusters_of_an_organisation_are_listed_in_order(insights, org):
    found = sorted(insights.report(org) for _ in range(3))

    answer = insights.get(f"organizations/{org}/clusters")

    assert answer.text == f'{{"clusters":["{found[0]}","{found[1]}","{found[2]}"],"status":"ok"}}\n'
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_an_organisation_without_clusters_has_an_empty_list(insights, org):
    assert insights.get(f"organizations/{org}/clusters").text == '{"clusters":[],"status":"ok"}\n'


def test_a_cluster_whose_report_is_old_is_not_listed(insights, org):
    insights.report(org, reported_at="2020-01-01")

    assert insights.get(f"organizations/{org}/clusters").json()["clusters"] == []


def test_other_organisations_are_not_for_the_caller(insights, guarded, org):
    cluster = insights.report(org)

    answer = guarded.get(f"organizations/{org}/clusters", token=identity("1"))

    assert answer.status_code == 403
    assert answer.json() == {
        "status": f"you have no permissions to get or change info about the organization with ID {org}; "
        "you can access info about organization with ID 1"
    }
    assert guarded.get(f"organizations/{org}/clusters", token=identity(str(org))).json()["clusters"] == [cluster]


def test_organisations_are_listed_in_debug_mode_only(insights, guarded, org):
    insights.report(org)

    found = insights.get("organizations").json()

    assert org in found["organizations"]
    assert found["organizations"] == sorted(set(found["organizations"]))
    assert guarded.get("organizations", token=identity()).status_code == 404
