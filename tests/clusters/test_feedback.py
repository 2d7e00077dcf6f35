"""Votes, and why a rule is disabled, as the database keeps them."""

from __future__ import annotations

import pytest

from evistore.clusters import feedback
from evistore.clusters.feedback import Opinion, Vote
from evistore.clusters.settled import Settled
from fixtures.settling import ENGINES, KEY, NASTY, RULE, Counting, report, rows

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)
VOTES = "public.cluster_rule_user_feedback"
REASONS = "public.cluster_user_rule_disable_feedback"


def voted(tx, cluster, vote=Vote.LIKE, *, user="u1", org_id=1, **more):
    return feedback.vote(tx, RULE, KEY, vote, cluster=cluster, user=user, org_id=org_id, **more)


@pytest.mark.parametrize("vote", Vote)
def test_a_vote_is_kept(evidence, tx, vote):
    cluster = report(evidence)

    assert voted(tx, cluster, vote) == Settled("stored", 1)

    assert feedback.opinion(tx, RULE, KEY, cluster=cluster, user="u1") == Opinion(1, int(vote))
    assert rows(evidence, VOTES, "cluster_id, rule_id, error_key, user_id, org_id, message, added_at = updated_at") == [
        (cluster, RULE, KEY, "u1", "1", "", True)
    ]


def test_the_newest_vote_and_its_message_stand_and_the_first_moment_is_kept(evidence, tx):
    cluster = report(evidence)
    voted(tx, cluster, Vote.LIKE, message="good")
    evidence.execute(f"UPDATE {VOTES} SET added_at = '2020-01-01', updated_at = '2020-01-01'")

    voted(tx, cluster, Vote.DISLIKE)

    assert rows(evidence, VOTES, "user_vote, message, added_at = '2020-01-01', updated_at > '2020-01-01'") == [
        (-1, "", True, True)
    ]


def test_users_keys_and_rules_vote_apart(evidence, tx):
    cluster = report(evidence)
    voted(tx, cluster, Vote.LIKE)
    voted(tx, cluster, Vote.DISLIKE, user="u2")
    feedback.vote(tx, RULE, "EK2", Vote.NONE, cluster=cluster, user="u1", org_id=1)

    found = [
        feedback.opinion(tx, RULE, key, cluster=cluster, user=user)
        for key, user in [(KEY, "u1"), (KEY, "u2"), ("EK2", "u1"), ("EK3", "u1")]
    ]

    assert [one.vote for one in found] == [1, -1, 0, None]
    assert feedback.opinion(tx, RULE, KEY, cluster="nowhere", user="u1") is None


def test_of_an_unknown_or_foreign_cluster_nothing_is_stored(evidence, tx):
    cluster = report(evidence, 2)

    assert voted(tx, "nowhere") == Settled("cluster-unknown", None)
    assert voted(tx, cluster, caller=1) == Settled("organisation-differs", 2)
    assert feedback.explain(tx, RULE, KEY, "m", cluster="nowhere", user="u", org_id=1).outcome == "cluster-unknown"
    assert feedback.explain(tx, RULE, KEY, "m", cluster=cluster, user="u", org_id=1, caller=1) == Settled(
        "organisation-differs", 2
    )
    assert rows(evidence, VOTES) == rows(evidence, REASONS) == []
    assert voted(tx, cluster, caller=2, org_id=2).outcome == "stored"


def test_a_vote_that_is_none_is_refused_by_the_database(evidence):
    cluster = report(evidence)

    found = evidence.execute("SELECT outcome FROM clusters.vote(%s, 'r', 'k', 1, 'u', 2, '')", [cluster]).fetchone()

    assert found == ("vote-unknown",)
    assert rows(evidence, VOTES) == []


def test_votes_go_with_the_report(evidence, tx):
    voted(tx, report(evidence))

    evidence.execute("DELETE FROM public.report")

    assert rows(evidence, VOTES) == []


def test_the_newest_reason_stands_and_the_first_moment_is_kept(evidence, tx):
    cluster = report(evidence)
    feedback.explain(tx, RULE, KEY, "first", cluster=cluster, user="u", org_id=1)
    evidence.execute(f"UPDATE {REASONS} SET added_at = '2020-01-01', updated_at = '2020-01-01'")

    assert feedback.explain(tx, RULE, KEY, "final", cluster=cluster, user="u", org_id=1) == Settled("stored", 1)

    [one] = feedback.reasons(tx, "u")
    assert (one.cluster_id, one.rule_id, one.error_key, one.message) == (cluster, RULE, KEY, "final")
    assert one.added_at.year == 2020 < one.updated_at.year


def test_reasons_of_a_user_come_the_latest_first_and_by_organisation(evidence, tx):
    first, second = report(evidence, 1), report(evidence, 2)
    feedback.explain(tx, RULE, KEY, "a", cluster=first, user="u", org_id=1)
    feedback.explain(tx, RULE, KEY, "b", cluster=second, user="u", org_id=2)
    feedback.explain(tx, RULE, KEY, "c", cluster=second, user="other", org_id=2)

    assert [one.message for one in feedback.reasons(tx, "u")] == ["b", "a"]
    assert [one.message for one in feedback.reasons(tx, "u", org_id=1)] == ["a"]
    assert feedback.reasons(tx, "nobody") == []


@pytest.mark.parametrize("text", NASTY)
def test_any_text_stays_a_text(evidence, tx, text):
    report(evidence, cluster=text)
    told = {"cluster": text, "user": text, "org_id": 1}

    assert feedback.vote(tx, text, text, Vote.LIKE, message=text, **told).outcome == "stored"
    assert feedback.explain(tx, text, text, text, **told).outcome == "stored"

    assert feedback.opinion(tx, text, text, cluster=text, user=text) == Opinion(1, 1)
    assert [one.message for one in feedback.reasons(tx, text)] == [text]
    assert rows(evidence, VOTES, "message") == [(text,)]


def test_each_reader_asks_one_statement(evidence):
    counting = Counting(evidence)
    feedback.reasons(counting, "u", org_id=1)
    feedback.opinion(counting, RULE, KEY, cluster="c", user="u")
    feedback.owner(counting, "c")
    assert counting.asked == 3
