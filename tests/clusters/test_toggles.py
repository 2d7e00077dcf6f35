"""Rules that are disabled for single clusters, as the database keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evistore.clusters import feedback, toggles
from evistore.clusters.settled import Settled
from fixtures.settling import ENGINES, KEY, NASTY, RULE, Counting, report, rows

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)
TABLE = "public.cluster_rule_toggle"


def test_a_disabled_rule_stands_since_now(evidence, tx):
    cluster = report(evidence)

    settled = toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)

    [one] = toggles.disabled(tx, 1)
    assert settled == Settled("stored", 1)
    assert (one.cluster_id, one.rule_id, one.error_key, one.disabled, one.enabled_at) == (cluster, RULE, KEY, 1, None)
    assert one.disabled_at == one.updated_at
    assert abs(one.updated_at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)


def test_enabled_again_it_is_not_listed_and_both_times_are_told_apart(evidence, tx):
    cluster = report(evidence)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)

    toggles.enable(tx, RULE, KEY, cluster=cluster, org_id=1)

    assert toggles.disabled(tx, 1) == []
    assert rows(evidence, TABLE, "disabled, disabled_at, enabled_at = updated_at, disabled_check") == [
        (0, None, True, None)
    ]


def test_a_rule_that_was_never_disabled_can_be_enabled(evidence, tx):
    toggles.enable(tx, RULE, KEY, cluster=report(evidence), org_id=1)

    assert rows(evidence, TABLE, "disabled") == [(0,)]


def test_disabled_again_it_stands_since_then(evidence, tx):
    cluster = report(evidence)
    for _ in range(2):
        toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)
        first, *_ = [one.disabled_at for one in toggles.disabled(tx, 1)]
    evidence.execute(f"UPDATE {TABLE} SET disabled_at = '2020-01-01', updated_at = '2020-01-01'")

    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)

    [one] = toggles.disabled(tx, 1)
    assert one.disabled_at >= first


def test_the_organisation_that_is_named_is_kept_and_the_newest_name_wins(evidence, tx):
    cluster = report(evidence, 1)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=7)
    assert [one.cluster_id for one in toggles.disabled(tx, 7)] == [cluster]

    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=8)

    assert toggles.disabled(tx, 7) == []
    assert [one.cluster_id for one in toggles.disabled(tx, 8)] == [cluster]


def test_of_an_unknown_cluster_nothing_is_stored(evidence, tx):
    assert toggles.disable(tx, RULE, KEY, cluster="nowhere", org_id=1) == Settled("cluster-unknown", None)
    assert rows(evidence, TABLE) == []


def test_of_a_foreign_cluster_nothing_is_stored(evidence, tx):
    cluster = report(evidence, 2)

    assert toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1, caller=1) == Settled("organisation-differs", 2)
    assert rows(evidence, TABLE) == []
    assert toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=2, caller=2) == Settled("stored", 2)


def test_keys_and_rules_are_disabled_apart(evidence, tx):
    cluster = report(evidence)
    for rule, key in [(RULE, KEY), (RULE, "EK2"), ("ccx.b.report", KEY)]:
        toggles.disable(tx, rule, key, cluster=cluster, org_id=1)

    toggles.enable(tx, RULE, KEY, cluster=cluster, org_id=1)

    found = [(one.rule_id, one.error_key) for one in toggles.disabled(tx, 1)]
    assert found == [(RULE, "EK2"), ("ccx.b.report", KEY)]


def test_what_is_disabled_is_listed_in_order_for_the_clusters_asked_for(evidence, tx):
    found = sorted(report(evidence) for _ in range(3))
    for cluster in reversed(found):
        toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)

    assert [one.cluster_id for one in toggles.disabled(tx, 1)] == found
    assert [one.cluster_id for one in toggles.disabled(tx, 1, clusters=[found[2], found[0], "x"])] == [
        found[0],
        found[2],
    ]
    assert toggles.disabled(tx, 1, clusters=[]) == []
    assert toggles.disabled(tx, 2, clusters=found) == []


def test_clusters_of_a_rule_come_the_latest_first_with_the_last_reason(evidence, tx):
    first, second = report(evidence), report(evidence)
    for cluster in (first, second):
        toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)
    feedback.explain(tx, RULE, KEY, "early", cluster=first, user="u1", org_id=1)
    feedback.explain(tx, RULE, KEY, "late", cluster=first, user="u2", org_id=1)

    found = toggles.clusters_of_rule(tx, RULE, KEY, org_id=1)

    assert [(one.cluster_id, one.justification) for one in found] == [(second, ""), (first, "late")]
    assert found[0].disabled_at > found[1].disabled_at


def test_reasons_of_one_moment_are_not_mixed_up(evidence, tx):
    mine, other = report(evidence), report(evidence)
    for rule, key, cluster, org_id in [
        (RULE, KEY, mine, 1),
        (RULE, "EK2", mine, 1),
        ("ccx.b.report", KEY, mine, 1),
        (RULE, KEY, other, 1),
    ]:
        toggles.disable(tx, rule, key, cluster=cluster, org_id=org_id)
        feedback.explain(tx, rule, key, f"{rule} {key} {cluster}", cluster=cluster, user="u", org_id=org_id)
    evidence.execute("UPDATE public.cluster_user_rule_disable_feedback SET updated_at = '2026-01-01'")

    found = {one.cluster_id: one.justification for one in toggles.clusters_of_rule(tx, RULE, KEY, org_id=1)}

    assert found == {one: f"{RULE} {KEY} {one}" for one in (mine, other)}


def test_a_reason_of_another_organisation_is_not_told(evidence, tx):
    cluster = report(evidence)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)
    feedback.explain(tx, RULE, KEY, "theirs", cluster=cluster, user="u", org_id=2)

    assert [one.justification for one in toggles.clusters_of_rule(tx, RULE, KEY, org_id=1)] == [""]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_stays_a_text(evidence, tx, text):
    cluster = report(evidence, cluster=text)
    other = report(evidence)
    toggles.disable(tx, RULE, KEY, cluster=other, org_id=1)

    assert toggles.disable(tx, text, text, cluster=text, org_id=1, actor=text) == Settled("stored", 1)
    feedback.explain(tx, text, text, text, cluster=cluster, user=text, org_id=1)

    assert [(o.cluster_id, o.rule_id) for o in toggles.disabled(tx, 1, clusters=[text])] == [(text, text)]
    assert [one.justification for one in toggles.clusters_of_rule(tx, text, text, org_id=1)] == [text]


def test_each_list_asks_one_statement(evidence):
    counting = Counting(evidence)
    toggles.disabled(counting, 1)
    toggles.clusters_of_rule(counting, RULE, KEY, org_id=1)
    assert counting.asked == 2
