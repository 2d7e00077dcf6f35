"""Which cluster has which recommendation."""

from __future__ import annotations

from uuid import uuid4

import pytest


@pytest.fixture
def pair(insights, org):
    """Two clusters of the organisation, in order."""
    return sorted(insights.report(org) for _ in range(2))


def test_clusters_with_a_recommendation_are_listed_in_order(insights, org, pair):
    for cluster in reversed(pair):
        insights.hit(org, cluster)
        insights.ask(
            "UPDATE public.report SET reported_at = '2024-06-07T08:09:10.5' WHERE cluster = %s RETURNING 1", cluster
        )
    insights.insert("public.report_info", org_id=org, cluster_id=pair[0], version_info="4.9.0")
    insights.hit(org, pair[0], "ccx.other")
    insights.hit(org + 500_000, insights.report(org + 500_000))

    answer = insights.get(f"rules/ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail")

    assert answer.text == (
        f'{{"clusters":[{{"cluster":"{pair[0]}","cluster_name":"","last_checked_at":"2024-06-07T08:09:10Z",'
        '"impacted":"2024-01-01T10:00:00Z","meta":{"cluster_version":"4.9.0"}},'
        f'{{"cluster":"{pair[1]}","cluster_name":"","last_checked_at":"2024-06-07T08:09:10Z",'
        '"impacted":"2024-01-01T10:00:00Z","meta":{"cluster_version":""}}],"status":"ok"}\n'
    )


def test_moments_that_nobody_knows_are_told_as_such(insights, org):
    cluster = insights.report(org, reported_at=None)
    insights.hit(org, cluster)
    insights.ask("UPDATE public.recommendation SET impacted_since = NULL WHERE cluster_id = %s RETURNING 1", cluster)

    found = insights.get(f"rules/ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail").json()["clusters"]

    assert (found[0]["impacted"], found[0]["last_checked_at"]) == ("", "2024-01-01T10:00:00Z")


def test_the_body_of_the_get_is_a_filter(insights, org, pair):
    for cluster in pair:
        insights.hit(org, cluster)

    def listed(body=None, content=None):
        place = f"rules/ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail"
        return insights.call("GET", place, body, content=content)

    def names(answer):
        return [one["cluster"] for one in answer.json()["clusters"]]

    assert names(listed({"clusters": [pair[1], "unknown"]})) == [pair[1]]
    for everything in (
        listed(),
        listed({"clusters": []}),
        listed({"clusters": None}),
        listed({}),
        listed(content=b"null"),
    ):
        assert names(everything) == pair
    assert listed({"clusters": ["unknown"]}).status_code == 404
    assert listed({"clusters": ["\0"]}).status_code == 404
    assert (listed(["x"]).status_code, listed(["x"]).json()) == (400, {"status": "bad type in json data"})
    assert listed(content=b"{x").status_code == 400


def test_nobody_hit_is_not_found(insights, org):
    answer = insights.get(f"rules/ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail")

    assert answer.status_code == 404
    assert answer.json() == {"status": "Item with ID ccx.a|EK1 was not found in the storage"}


def test_recommendations_tell_their_clusters(insights, org, pair):
    insights.hit(org, pair[1])
    insights.hit(org, pair[0])
    insights.hit(org, pair[0], "ccx.b", "EK2")

    answer = insights.post(f"recommendations/organizations/{org}/users/12/list", [pair[1], pair[0], pair[0], "unknown"])

    assert answer.text == (
        f'{{"recommendations":{{"ccx.a|EK1":["{pair[0]}","{pair[1]}"],"ccx.b|EK2":["{pair[0]}"]}},"status":"ok"}}\n'
    )
    only = insights.post(f"recommendations/organizations/{org}/users/12/list", [pair[1]])
    assert only.json()["recommendations"] == {"ccx.a|EK1": [pair[1]]}


def test_clusters_tell_their_recommendations(insights, org, pair):
    insights.hit(org, pair[0], "ccx.b")
    insights.hit(org, pair[0])
    insights.insert("public.report_info", org_id=org, cluster_id=pair[0], version_info="4.9.0")

    answer = insights.post(
        f"clusters/organizations/{org}/users/12/recommendations", [pair[1], pair[0], str(uuid4()), "x"]
    )

    assert answer.text == (
        f'{{"clusters":{{"{pair[0]}":{{"created_at":"2024-01-02T03:04:05.678Z","meta":{{"cluster_version":"4.9.0"}},'
        '"recommendations":["ccx.a|EK1","ccx.b|EK1"]},'
        f'"{pair[1]}":{{"created_at":"2024-01-02T03:04:05.678Z","meta":{{"cluster_version":""}},"recommendations":[]}}}},'
        '"status":"ok"}\n'
    )


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("2024-01-02T03:04:05", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05.100200", "2024-01-02T03:04:05.1002Z"),
        ("2024-01-02T03:04:50", "2024-01-02T03:04:50Z"),
        ("0999-01-02T03:04:05.5", "0999-01-02T03:04:05.5Z"),
        (None, "0001-01-01T00:00:00Z"),
    ],
)
def test_fractions_of_seconds_have_no_zeros_at_the_end(insights, org, stored, told):
    cluster = insights.report(org, last_checked_at=stored)

    answer = insights.post(f"clusters/organizations/{org}/users/12/recommendations", [cluster])
    assert answer.json()["clusters"][cluster]["created_at"] == told


@pytest.mark.parametrize(
    "what", ["recommendations/organizations/{}/users/12/list", "clusters/organizations/{}/users/12/recommendations"]
)
def test_clusters_of_other_organisations_are_not_told(insights, org, what):
    foreign = insights.report(org + 500_000)
    insights.hit(org + 500_000, foreign)

    answer = insights.post(what.format(org), [foreign]).json()
    assert answer.get("recommendations", answer.get("clusters")) == {}
