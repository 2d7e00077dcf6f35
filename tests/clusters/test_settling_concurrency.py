"""Many who settle something at once: nobody fails, and what stands is one of the things that were said."""

from __future__ import annotations

import psycopg
import pytest

from evistore.clusters import acknowledgements, feedback, ratings, toggles
from evistore.clusters.feedback import Vote
from evistore.clusters.settled import Settled
from fixtures.settling import ENGINES, KEY, RULE, meanwhile, report, rows, waits

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)


def voted(tx, cluster, vote=Vote.LIKE, **more):
    return feedback.vote(tx, RULE, KEY, vote, cluster=cluster, user="u1", org_id=1, **more)


def test_two_who_toggle_at_once_leave_one_row(delivery, delivery_url):
    cluster = report(delivery)

    def toggle(switch):
        def work(tx):
            return [switch(tx, RULE, KEY, cluster=cluster, org_id=1).outcome for _ in range(50)]

        return work

    ends = [meanwhile(delivery_url, toggle(switch)) for switch in (toggles.disable, toggles.enable)]

    assert {outcome for end in ends for outcome in end()} == {"stored"}
    assert rows(
        delivery,
        "public.cluster_rule_toggle",
        "(disabled = 1) = (disabled_at IS NOT NULL), (disabled = 0) = (enabled_at IS NOT NULL)",
    ) == [(True, True)]
    assert rows(delivery, "clusters.change", "count(*)") == [(100,)]


def test_a_cluster_that_moves_meanwhile_is_no_longer_the_callers(delivery, delivery_url):
    cluster = report(delivery, 1)
    with psycopg.connect(delivery_url) as mover:
        mover.execute("UPDATE public.report SET org_id = 2 WHERE cluster = %s", [cluster])
        end = meanwhile(delivery_url, lambda tx: toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1, caller=1))
        assert waits(delivery)

    assert end() == Settled("organisation-differs", 2)
    assert rows(delivery, "public.cluster_rule_toggle") == []


def test_a_report_that_is_renewed_keeps_nobody_waiting(delivery, delivery_url):
    cluster = report(delivery, 1)
    with psycopg.connect(delivery_url) as writer:
        writer.execute("UPDATE public.report SET report = '{}', reported_at = now() WHERE cluster = %s", [cluster])
        end = meanwhile(delivery_url, lambda tx: toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1))
        assert end() == Settled("stored", 1)


def test_two_who_vote_at_once_leave_one_row(delivery, delivery_url):
    cluster = report(delivery)

    def voter(vote):
        return lambda tx: [voted(tx, cluster, vote, message=vote.name).outcome for _ in range(50)]

    ends = [meanwhile(delivery_url, voter(vote)) for vote in (*Vote, Vote.LIKE)]

    assert {outcome for end in ends for outcome in end()} == {"stored"}
    [(vote, message)] = rows(delivery, "public.cluster_rule_user_feedback", "user_vote, message")
    assert Vote(vote).name == message


def test_a_cluster_that_goes_meanwhile_is_unknown(delivery, delivery_url):
    cluster = report(delivery)
    with psycopg.connect(delivery_url) as other:
        other.execute("DELETE FROM public.report WHERE cluster = %s", [cluster])
        end = meanwhile(delivery_url, lambda tx: voted(tx, cluster))
        assert waits(delivery)

    assert end() == Settled("cluster-unknown", None)
    assert rows(delivery, "public.cluster_rule_user_feedback") == []


def test_many_who_acknowledge_and_withdraw_at_once_fail_never(delivery, delivery_url):
    def work(tx):
        for _ in range(50):
            acknowledgements.acknowledge(tx, RULE, KEY, "x", org_id=1)
            acknowledgements.withdraw(tx, RULE, KEY, org_id=1)
        return True

    ends = [meanwhile(delivery_url, work) for _ in range(3)]

    assert all(end() for end in ends)
    assert rows(delivery, "public.rule_disable") == []


def test_many_who_rate_at_once_leave_one_row(delivery, delivery_url):
    def rater(rating):
        return lambda tx: [ratings.rate(tx, "ccx.a", "EK1", rating, org_id=1) for _ in range(50)]

    for end in [meanwhile(delivery_url, rater(rating)) for rating in (1, -1, 0)]:
        assert len(end()) == 50
    assert rows(delivery, "public.advisor_ratings", "count(*)") == [(1,)]
