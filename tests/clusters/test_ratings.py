"""What organisations think of recommendations, as the database keeps it."""

from __future__ import annotations

import pytest

from evistore.clusters import ratings
from fixtures.settling import ENGINES, NASTY, Counting, rows

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)
TABLE = "public.advisor_ratings"


@pytest.mark.parametrize("rating", [1, 0, -1, ratings.LOWEST, ratings.HIGHEST])
def test_a_rating_is_kept(evidence, tx, rating):
    ratings.rate(tx, "ccx.a", "EK1", rating, org_id=1)

    assert ratings.rating(tx, "ccx.a", "EK1", org_id=1) == rating
    assert rows(evidence, TABLE, "org_id, rule_fqdn, error_key, rule_id, rated_at = last_updated_at") == [
        ("1", "ccx.a", "EK1", "ccx.a|EK1", True)
    ]


def test_the_newest_rating_stands_and_the_first_moment_is_kept(evidence, tx):
    ratings.rate(tx, "ccx.a", "EK1", 1, org_id=1)
    evidence.execute(f"UPDATE {TABLE} SET rated_at = '2020-01-01', last_updated_at = '2020-01-01'")

    ratings.rate(tx, "ccx.a", "EK1", -1, org_id=1)

    assert rows(evidence, TABLE, "rating, rated_at = '2020-01-01', last_updated_at > '2020-01-01'") == [
        (-1, True, True)
    ]


def test_organisations_rules_and_keys_rate_apart(tx):
    ratings.rate(tx, "ccx.a", "EK1", 1, org_id=1)

    for rule, key, org_id in [("ccx.a", "EK2", 1), ("ccx.b", "EK1", 1), ("ccx.a", "EK1", 2)]:
        assert ratings.rating(tx, rule, key, org_id=org_id) is None


def test_a_row_of_an_old_client_without_a_rating_is_0(evidence, tx):
    evidence.execute(f"INSERT INTO {TABLE} (org_id, rule_fqdn, error_key) VALUES ('1', 'ccx.a', 'EK1')")

    assert ratings.rating(tx, "ccx.a", "EK1", org_id=1) == 0


@pytest.mark.parametrize("text", NASTY)
def test_any_text_stays_a_text(tx, text):
    ratings.rate(tx, "ccx.a", "EK1", 1, org_id=1)
    ratings.rate(tx, text, text, -1, org_id=1)

    assert ratings.rating(tx, text, text, org_id=1) == -1
    assert ratings.rating(tx, "ccx.a", "EK1", org_id=1) == 1


def test_the_reader_asks_one_statement(evidence):
    counting = Counting(evidence)
    ratings.rating(counting, "ccx.a", "EK1", org_id=1)
    assert counting.asked == 1
