"""What is asked about toggles, votes, acknowledgements and ratings is found by an index, however much there is."""

from __future__ import annotations

import pytest

from evistore.clusters import acknowledgements, audit, feedback, ratings, toggles
from fixtures.settling import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)

FILL = """
INSERT INTO public.report (org_id, cluster, report) SELECT n % 500, 'c' || n, '{}' FROM generate_series(1, 5000) AS n;
INSERT INTO public.cluster_rule_toggle (cluster_id, rule_id, error_key, org_id, disabled, updated_at)
SELECT 'c' || n, 'r' || n % 20, 'k', (n % 500)::text, 1, now() FROM generate_series(1, 5000) AS n;
INSERT INTO public.cluster_rule_user_feedback (cluster_id, rule_id, error_key, org_id, user_id, user_vote, message, added_at, updated_at)
SELECT 'c' || n, 'r' || n % 20, 'k', n % 500, 'u' || n % 300, 1, '', now(), now() FROM generate_series(1, 5000) AS n;
INSERT INTO public.cluster_user_rule_disable_feedback (cluster_id, rule_id, error_key, org_id, user_id, message, added_at, updated_at)
SELECT 'c' || n, 'r' || n % 20, 'k', n % 500, 'u' || n % 300, '', now(), now() FROM generate_series(1, 5000) AS n;
INSERT INTO public.rule_disable SELECT n % 500, 'r' || n, 'k', '', now() FROM generate_series(1, 5000) AS n;
INSERT INTO public.advisor_ratings (org_id, rule_fqdn, error_key, rating) SELECT n % 500, 'r' || n, 'k', 1 FROM generate_series(1, 5000) AS n;
ANALYZE public.report, public.cluster_rule_toggle, public.cluster_rule_user_feedback, public.cluster_user_rule_disable_feedback,
    public.rule_disable, public.advisor_ratings, clusters.change;
"""
ASKED = {
    "disabled": (toggles.SQL["disabled"], {"org_id": 7, "clusters": None}),
    "disabled for clusters": (toggles.SQL["disabled"], {"org_id": 7, "clusters": ["c7", "c507"]}),
    "clusters of a rule": (toggles.SQL["clusters_of_rule"], {"org_id": 7, "rule": "r7", "error_key": "k"}),
    "owner": (feedback.SQL["owner"], {"cluster": "c7"}),
    "opinion": (feedback.SQL["opinion"], {"cluster": "c7", "rule": "r7", "error_key": "k", "user": "u7"}),
    "reasons": (feedback.SQL["reasons"], {"user": "u7", "org_id": None}),
    "acknowledgements": (acknowledgements.SQL["acknowledgements"], {"org_id": 7}),
    "one acknowledgement": (acknowledgements.SQL["one"], {"org_id": 7, "rule": "r7", "error_key": "k"}),
    "rating": (ratings.SQL["rating"], {"org_id": 7, "rule": "r7", "error_key": "k"}),
    "changes of an organisation": (
        audit.SQL["changes"],
        {"org_id": 7, "cluster": None, "rule": None, "before": None, "limit": 50},
    ),
    "changes of a cluster": (
        audit.SQL["changes"],
        {"org_id": None, "cluster": "c7", "rule": None, "before": None, "limit": 50},
    ),
}


def test_no_table_is_read_from_end_to_end(evidence):
    evidence.execute(FILL)

    for name, (query, parameters) in ASKED.items():
        plan = "\n".join(line for (line,) in evidence.execute(f"EXPLAIN {query}", parameters))
        assert "Seq Scan" not in plan, (name, plan)
        assert "Index" in plan, (name, plan)
