"""Workloads that are recommended to change, from reports in every form in which they are stored."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

METRICS = {
    "system": {"metadata": {}, "hostname": None},
    "workload_recommendations": [
        {
            "component": "rules.one.recommendation",
            "key": "K1",
            "details": {"n": 1.5, "text": 'a "quoted" \\ word'},
            "workloads": [
                {"namespace": "name-A", "namespace_uid": "A", "kind": "Pod", "name": "w", "uid": "u1"},
                {"namespace": "name-B", "namespace_uid": "B", "kind": "DaemonSet", "name": "v", "uid": "u2"},
                {"namespace": "name-A", "namespace_uid": "A", "kind": "Pod", "name": "x", "uid": "u3"},
            ],
        },
        {
            "component": "rules.two",
            "key": "K2",
            "details": {},
            "workloads": [{"namespace": "name-B", "namespace_uid": "B", "kind": "Pod", "name": "y", "uid": "u4"}],
        },
    ],
}
PLAIN = json.dumps(METRICS)


def stored(insights, org, cluster, namespace="A", **columns):
    told = {
        "namespace_name": f"name-{namespace}",
        "report": json.dumps(PLAIN),
        "recommendations": 2,
        "objects": 2,
        "reported_at": "2024-02-06T12:25:07",
        "last_checked_at": "2024-02-06T12:25:07.418761",
        "rule_hits_count": '{"rules.two|K2": 1, "rules.one|K1": 2}',
    }
    insights.insert(
        "dvo.dvo_report", **{"org_id": org, "cluster_id": cluster, "namespace_id": namespace} | told | columns
    )


def head(cluster, namespace="A"):
    return (
        f'"cluster":{{"uuid":"{cluster}","display_name":""}},"namespace":{{"uuid":"{namespace}","name":"name-{namespace}"}},'
        '"metadata":{"recommendations":2,"objects":2,"reported_at":"2024-02-06T12:25:07Z",'
        '"last_checked_at":"2024-02-06T12:25:07Z","highest_severity":0,"hits_by_severity":null}'
    )


def test_namespaces_are_listed_by_cluster(insights, org):
    clusters = sorted(str(uuid4()) for _ in range(2))
    for cluster in reversed(clusters):
        stored(insights, org, cluster)
    stored(insights, org, clusters[0], "B")

    answer = insights.get(f"organization/{org}/workloads")

    counts = '"recommendations_hit_count":{"rules.one|K1":2,"rules.two|K2":1}'
    places = [(clusters[0], "A"), (clusters[0], "B"), (clusters[1], "A")]
    listed = ",".join(f"{{{head(*place)},{counts}}}" for place in places)
    assert answer.text == f'{{"status":"ok","workloads":[{listed}]}}\n'


def test_no_namespaces_are_null(insights, org):
    assert insights.get(f"organization/{org}/workloads").text == '{"status":"ok","workloads":null}\n'


def test_a_list_of_clusters_is_a_filter(insights, org):
    one, other = str(uuid4()), str(uuid4())
    stored(insights, org, one)
    stored(insights, org, other)

    def listed(body):
        return insights.post(f"organization/{org}/workloads", body).json()["workloads"]

    assert [each["cluster"]["uuid"] for each in listed([one, "unknown"])] == [one]
    assert listed([]) == []
    assert insights.post(f"organization/{org}/workloads", content=b"null").json()["workloads"] == []
    assert listed(["unknown"]) is None


def test_what_was_not_told_spoils_nothing(insights, org):
    cluster = str(uuid4())
    stored(
        insights,
        org,
        cluster,
        namespace_name=None,
        rule_hits_count=None,
        reported_at=None,
        last_checked_at=None,
        report=None,
    )
    stored(insights, org, cluster, "B")

    first, second = insights.get(f"organization/{org}/workloads").json()["workloads"]

    assert (first["namespace"]["name"], first["recommendations_hit_count"]) == ("", {})
    assert first["metadata"]["reported_at"] == "0001-01-01T00:00:00Z"
    assert second["namespace"]["name"] == "name-B"
    single = insights.get(f"organization/{org}/namespace/A/cluster/{cluster}/workloads").json()["workloads"]
    assert single["recommendations"] == []


@pytest.mark.parametrize(
    "report",
    [PLAIN, json.dumps(PLAIN), PLAIN.replace("\\", "\\\\").replace('"', '\\"'), f"  {PLAIN}\n"],
    ids=["plain", "string", "escaped", "spaced"],
)
def test_a_namespace_is_read_from_every_form_of_a_report(insights, org, report):
    cluster = str(uuid4())
    stored(insights, org, cluster, report=report)

    answer = insights.get(f"organization/{org}/namespace/A/cluster/{cluster}/workloads")

    assert answer.text == (
        f'{{"status":"ok","workloads":{{"status":"",{head(cluster)},"recommendations":[{{"check":"rules.one|K1","details":"",'
        '"resolution":"","modified":"","more_info":"","extra_data":{"n":1.5,"text":"a \\"quoted\\" \\\\ word"},'
        '"objects":[{"kind":"Pod","uid":"u1","display_name":"w"},{"kind":"Pod","uid":"u3","display_name":"x"}]}]}}\n'
    )


def test_another_namespace_has_its_own_objects(insights, org):
    cluster = str(uuid4())
    stored(insights, org, cluster, "B")

    found = insights.get(f"organization/{org}/namespace/B/cluster/{cluster}/workloads").json()["workloads"]

    told = [(one["check"], [each["uid"] for each in one["objects"]]) for one in found["recommendations"]]
    assert told == [("rules.one|K1", ["u2"]), ("rules.two|K2", ["u4"])]


@pytest.mark.parametrize(
    "report",
    [
        "",
        "no json",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"workload_recommendations":null}',
        '{"workload_recommendations":{"a":1}}',
        '{"workload_recommendations":[1,null,{"workloads":null},{"workloads":[1]},{"component":1,"key":2,"workloads":[]}]}',
        "[" * 5000,
    ],
)
def test_a_report_that_says_nothing_gives_no_recommendations(insights, org, report):
    cluster = str(uuid4())
    stored(insights, org, cluster, report=report)

    answer = insights.get(f"organization/{org}/namespace/A/cluster/{cluster}/workloads")
    assert answer.json()["workloads"]["recommendations"] == []


def test_members_of_other_kinds_become_empty(insights, org):
    cluster = str(uuid4())
    item = {"component": 1, "workloads": [{"namespace_uid": "A", "kind": 1, "uid": None}]}
    half = '{"workload_recommendations":[' + json.dumps(item)[:-1] + ',"details":"\\ud800"}]}'
    stored(insights, org, cluster, report=half)

    answer = insights.get(f"organization/{org}/namespace/A/cluster/{cluster}/workloads").json()
    assert answer["workloads"]["recommendations"] == [
        {
            "check": "|",
            "details": "",
            "resolution": "",
            "modified": "",
            "more_info": "",
            "extra_data": "\ufffd",
            "objects": [{"kind": "", "uid": "", "display_name": ""}],
        }
    ]


def test_a_namespace_that_is_not_there_is_named(insights, org):
    cluster = str(uuid4())

    answer = insights.get(f"organization/{org}/namespace/N/cluster/{cluster}/workloads")

    assert answer.status_code == 404
    assert answer.json() == {"status": f"Item with ID {org}:{cluster}:N was not found in the storage"}
