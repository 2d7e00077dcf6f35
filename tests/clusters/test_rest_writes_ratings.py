"""Ratings over HTTP."""

from __future__ import annotations

import pytest

from fixtures.insights import identity
from fixtures.insights_faults import BAD_TYPE, MISSING, ORG_FAULTS, foreign, missing, param, path, told, value

PAIR = "invalid rule ID, it must contain only rule ID and error key separated by |"
PARTS = "invalid rule ID, each part of ID must contain only latin characters, numbers, underscores or dots"
SELECTOR = "Param rule_selector is not a valid rule selector (plugin_name|error_key)"


def rate(insights, org, rating, rule="ccx.a|EK1", **more):
    return insights.post(f"rules/organizations/{org}/rating", {"rule": rule, "rating": rating}, **more)


def rating(org, selector="ccx.a|EK1"):
    return path("rules/{s}/organizations/{o}/rating", s=selector, o=org)


@pytest.mark.parametrize("given", [1, 0, -1, 32767, -32768])
def test_a_rating_is_taken_and_told(insights, org, given):
    answer = rate(insights, org, given)

    assert answer.text == f'{{"ratings":{{"rule":"ccx.a|EK1","rating":{given}}},"status":"ok"}}\n'
    assert insights.get(rating(org)).text == f'{{"rating":{{"rule":"ccx.a|EK1","rating":{given}}},"status":"ok"}}\n'


def test_the_newest_rating_stands(insights, org):
    for given in (1, -1):
        rate(insights, org, given)

    assert insights.get(rating(org)).json()["rating"]["rating"] == -1
    assert insights.ask("SELECT rule_id FROM public.advisor_ratings WHERE org_id = %s", str(org)) == [("ccx.a|EK1",)]


@pytest.mark.parametrize("body", [b'{"rule":"ccx.a|EK1"}', b'{"RULE":"ccx.a|EK1","rating":null}'])
def test_a_rating_that_is_not_named_is_0(insights, org, body):
    answer = insights.post(f"rules/organizations/{org}/rating", content=body)

    assert answer.json()["ratings"] == {"rule": "ccx.a|EK1", "rating": 0}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("", PAIR),
        (None, PAIR),
        ("ccx.a", PAIR),
        ("a|b|c", PAIR),
        ("|", PARTS),
        ("ccx.a|", PARTS),
        ("ccx-a|EK1", PARTS),
        ("a|x') OR ('1'='1", PARTS),
        ("a|\0", PARTS),
    ],
)
def test_a_rule_that_is_none_is_refused(insights, org, rule, fault):
    assert told(rate(insights, org, 1, rule)) == (400, value("rule", rule or "", fault))
    assert insights.ask("SELECT FROM public.advisor_ratings WHERE org_id = %s", str(org)) == []


@pytest.mark.parametrize("given", [32768, -32769, 2**31, 2**63 - 1])
def test_a_rating_that_no_column_holds_is_refused(insights, org, given):
    fault = value("rating", str(given), "a rating is between -32768 and 32767")
    assert told(rate(insights, org, given)) == (400, fault)


@pytest.mark.parametrize("given", ["1", 1.5, True, [], 2**63, 10**30])
def test_a_rating_that_is_no_number_is_refused(insights, org, given):
    assert told(rate(insights, org, given)) == (400, BAD_TYPE)


def test_a_body_is_wanted(insights, org):
    where = f"rules/organizations/{org}/rating"

    assert told(insights.post(where)) == (400, MISSING)
    assert told(insights.post(where, ["ccx.a|EK1"])) == (400, BAD_TYPE)
    assert told(insights.post(where, content=b'{"rule":}'))[0] == 400
    assert insights.call("OPTIONS", where).status_code == 405


def test_what_was_not_rated_is_not_found(insights, org):
    rate(insights, org, 1)

    for selector in ("ccx.a|EK2", "ccx.b|EK1", "' OR 1=1 -- ccx.a|EK1", "x|ccx.a|EK1"):
        assert told(insights.get(rating(org, selector))) == (404, missing(org, selector, "rating"))
    assert told(insights.get(rating(4294967295))) == (404, missing(4294967295, "ccx.a|EK1", "rating"))


@pytest.mark.parametrize("selector", ["ccx|EK1", "ccx.a", "ccx.a|EK-1", "ccx.a|EK1'", "ccx.a|"])
def test_a_selector_that_is_none_is_refused(insights, org, selector):
    assert told(insights.get(rating(org, selector))) == (400, param("rule_selector", selector, SELECTOR))


def test_organisations_are_checked_and_must_be_the_callers(insights, guarded, org):
    for given, fault in ORG_FAULTS:
        assert told(insights.get(rating(given))) == (400, param("org_id", given, fault))
        assert told(insights.post(path("rules/organizations/{o}/rating", o=given))) == (
            400,
            param("org_id", given, fault),
        )
    assert told(guarded.get(rating(org), token=identity("1"))) == (403, foreign(org, 1))
    assert told(rate(guarded, org, 1, rule="", token=identity("1"))) == (403, foreign(org, 1))
    assert rate(guarded, org, 1, token=identity(str(org))).status_code == 200
    assert insights.get(rating(org)).json()["rating"]["rating"] == 1
