"""Questions of the REST interface find their rows by index, whatever stands beside them."""

from __future__ import annotations

import json
import re

import psycopg
import pytest

from evistore.clusters import organizations, recommendations, reports, workloads
from fixtures.databases import template

CLUSTERS = 20_000
PARAMETER = re.compile(r"%\((\w+)\)s")
FILL = """
CREATE TEMPORARY TABLE one AS
SELECT n % 500 + 1 AS org_id, md5(n::text)::uuid::text AS cluster FROM generate_series(1, {clusters}) AS n;
INSERT INTO public.report (org_id, cluster, report, reported_at, last_checked_at)
SELECT org_id, cluster, '{{}}', now(), now() FROM one;
INSERT INTO public.rule_hit (org_id, cluster_id, rule_fqdn, error_key, template_data, created_at)
SELECT org_id, cluster, 'ccx.r' || k || '.report', 'K', '{{}}', now() FROM one, generate_series(1, 5) AS k;
INSERT INTO public.recommendation (org_id, cluster_id, rule_fqdn, error_key, rule_id)
SELECT org_id, cluster, 'ccx.r' || k, 'K', 'ccx.r' || k || '|K' FROM one, generate_series(1, 5) AS k;
INSERT INTO public.report_info (org_id, cluster_id, version_info) SELECT org_id, cluster, '4.14.1' FROM one;
INSERT INTO public.cluster_rule_toggle (org_id, cluster_id, rule_id, error_key, disabled, updated_at)
SELECT org_id::text, cluster, 'ccx.r1.report', 'K', 1, now() FROM one;
INSERT INTO public.cluster_rule_user_feedback (org_id, cluster_id, rule_id, error_key, user_id, message, user_vote, added_at, updated_at)
SELECT org_id::text, cluster, 'ccx.r1.report', 'K', '12', '', 1, now(), now() FROM one;
INSERT INTO public.cluster_user_rule_disable_feedback (org_id, cluster_id, rule_id, error_key, user_id, message, added_at, updated_at)
SELECT org_id::text, cluster, 'ccx.r1.report', 'K', '12', '', now(), now() FROM one;
INSERT INTO dvo.dvo_report (org_id, cluster_id, namespace_id, recommendations, objects)
SELECT org_id, cluster, 'A', 1, 1 FROM one;
VACUUM ANALYZE;
"""
ASKED = [
    (organizations.SQL, "clusters", {"org_id": 7, "within": "1 day"}),
    (reports.SQL, "report", {"org_id": 7, "cluster": "", "user_id": "12"}),
    (reports.SQL, "hit", {"org_id": 7, "cluster": "", "user_id": "12", "rule": "ccx.r1.report", "key": "K"}),
    (reports.SQL, "summary", {"org_id": 7, "cluster": ""}),
    (reports.SQL, "stored", {"clusters": []}),
    (recommendations.SQL, "clusters_by_recommendation", {"org_id": 7, "clusters": []}),
    (recommendations.SQL, "recommendations_by_cluster", {"org_id": 7, "clusters": []}),
    (recommendations.SQL, "impacted", {"org_id": 7, "recommendation": "ccx.r1|K", "clusters": None}),
    (workloads.SQL, "namespaces", {"org_id": 7, "clusters": None}),
    (workloads.SQL, "namespace", {"org_id": 7, "cluster": "", "namespace_id": "A"}),
]


@pytest.fixture(scope="module")
def many(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        for statement in FILL.format(clusters=CLUSTERS).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("SET plan_cache_mode = force_generic_plan")
        yield connection
    postgres18.discard(url)


def nodes(plan):
    yield plan
    for one in plan.get("Plans", []):
        yield from nodes(one)


@pytest.mark.parametrize(("statements", "name", "asked"), ASKED, ids=[name for _, name, _ in ASKED])
def test_a_question_reads_what_it_tells_and_little_more(many, statements, name, asked):
    found = [row[0] for row in many.execute("SELECT cluster FROM public.report WHERE org_id = 7 LIMIT 20")]
    values = asked | ({"cluster": found[0]} if "cluster" in asked else {})
    values |= {"clusters": found} if asked.get("clusters") == [] else {}
    names = list(dict.fromkeys(PARAMETER.findall(statements[name])))
    text = PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", statements[name]).replace("%%", "%")

    many.execute(f"PREPARE asked AS {text}")
    places = ", ".join(["%s"] * len(names))
    query = psycopg.ClientCursor(many).mogrify(f"EXECUTE asked ({places})", [values[one] for one in names])
    plan = many.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}").fetchone()[0][0]["Plan"]
    many.execute("DEALLOCATE asked")

    read = [node for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    assert [node["Relation Name"] for node in read] == [], json.dumps(plan)[:2000]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 600
    assert plan["Actual Rows"] > 0
