"""Rules that an organisation has acknowledged, as the database keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evistore.clusters import acknowledgements
from fixtures.settling import ENGINES, KEY, NASTY, RULE, Counting, rows

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)


def test_an_acknowledgement_stands_since_now(tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "we know", org_id=1)

    one = acknowledgements.one(tx, RULE, KEY, org_id=1)

    assert (one.rule_id, one.error_key, one.justification, one.updated_at) == (RULE, KEY, "we know", None)
    assert abs(one.created_at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)


def test_said_again_it_is_new_but_for_its_update(evidence, tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "first", org_id=1)
    acknowledgements.update(tx, RULE, KEY, "second", org_id=1)
    evidence.execute("UPDATE public.rule_disable SET created_at = '2020-01-01', updated_at = '2020-01-02'")

    acknowledgements.acknowledge(tx, RULE, KEY, "third", org_id=1)

    one = acknowledgements.one(tx, RULE, KEY, org_id=1)
    assert (one.justification, str(one.updated_at)) == ("third", "2020-01-02 00:00:00")
    assert one.created_at.year > 2020


def test_updated_it_keeps_its_moment(tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "first", org_id=1)
    before = acknowledgements.one(tx, RULE, KEY, org_id=1)

    assert acknowledgements.update(tx, RULE, KEY, "second", org_id=1)

    after = acknowledgements.one(tx, RULE, KEY, org_id=1)
    assert (after.justification, after.created_at) == ("second", before.created_at)
    assert after.updated_at >= after.created_at


def test_what_is_not_acknowledged_is_neither_updated_nor_withdrawn(evidence, tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "other", org_id=2)

    assert not acknowledgements.update(tx, RULE, KEY, "x", org_id=1)
    assert not acknowledgements.withdraw(tx, RULE, KEY, org_id=1)
    assert rows(evidence, "public.rule_disable", "org_id, justification") == [("2", "other")]


def test_withdrawn_it_is_gone(tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "x", org_id=1)

    assert acknowledgements.withdraw(tx, RULE, KEY, org_id=1)

    assert acknowledgements.one(tx, RULE, KEY, org_id=1) is None


def test_an_organisation_sees_its_own_in_order(tx):
    for org_id, rule, key in [
        (1, "b", "k"),
        (1, "a", "k2"),
        (1, "a", "k1"),
        (2, "a", "k1"),
        (4_294_967_295, "a", "k1"),
    ]:
        acknowledgements.acknowledge(tx, rule, key, str(org_id), org_id=org_id)

    assert [(one.rule_id, one.error_key) for one in acknowledgements.acknowledgements(tx, 1)] == [
        ("a", "k1"),
        ("a", "k2"),
        ("b", "k"),
    ]
    assert [one.justification for one in acknowledgements.acknowledgements(tx, 4_294_967_295)] == ["4294967295"]
    assert acknowledgements.acknowledgements(tx, 3) == []


def test_a_justification_that_an_old_client_left_out_is_empty(evidence, tx):
    evidence.execute(
        "INSERT INTO public.rule_disable (org_id, rule_id, error_key, created_at) VALUES ('1', 'r', 'k', now())"
    )

    assert [one.justification for one in acknowledgements.acknowledgements(tx, 1)] == [""]
    assert acknowledgements.one(tx, "r", "k", org_id=1).justification == ""


@pytest.mark.parametrize("text", NASTY)
def test_any_text_stays_a_text(tx, text):
    acknowledgements.acknowledge(tx, "other", "k", "untouched", org_id=1)
    acknowledgements.acknowledge(tx, text, text, text, org_id=1, actor=text)
    assert acknowledgements.one(tx, text, text, org_id=1).justification == text

    acknowledgements.update(tx, text, text, text + "!", org_id=1)
    assert acknowledgements.one(tx, text, text, org_id=1).justification == text + "!"

    acknowledgements.withdraw(tx, text, text, org_id=1)
    assert [one.justification for one in acknowledgements.acknowledgements(tx, 1)] == ["untouched"]


def test_each_reader_asks_one_statement(evidence):
    counting = Counting(evidence)
    acknowledgements.one(counting, RULE, KEY, org_id=1)
    acknowledgements.acknowledgements(counting, 1)
    assert counting.asked == 2
