"""Acknowledgements over HTTP."""

from __future__ import annotations

import pytest

from fixtures.insights import identity
from fixtures.insights_faults import (
    BAD_TYPE,
    LONG,
    MISSING,
    NUL,
    ORG_FAULTS,
    RULE_FAULTS,
    foreign,
    moment,
    param,
    path,
    told,
    too_long,
)

VERBS = {"disable": "PUT", "enable": "PUT", "update": "POST"}
ENABLED = '{"status":"rule enabled"}\n'


def ack(org, verb="", r="foo", k="bar"):
    return path(f"rules/{{r}}/error_key/{{k}}/organizations/{{o}}/{verb}", r=r, k=k, o=org)


def one(insights, org):
    return insights.get(ack(org)).json()["disabledRule"]


def test_an_acknowledgement_is_taken_and_told_as_clients_know_it(insights, org):
    answer = insights.put(ack(org, "disable"), {"justification": "anything"})

    assert (answer.status_code, answer.text) == (200, '{"justification":"anything","status":"ok"}\n')
    [(at,)] = insights.ask("SELECT created_at FROM public.rule_disable WHERE org_id = %s", str(org))
    stood = (
        f'{{"org_id":{org},"user_id":"","rule_id":"foo","error_key":"bar","justification":"anything",'
        f'"created_at":{{"Time":"{moment(at)}","Valid":true}},"updated_at":{{"Time":"0001-01-01T00:00:00Z","Valid":false}}}}'
    )
    assert insights.get(ack(org)).text == f'{{"disabledRule":{stood},"status":"ok"}}\n'
    where = f"rules/organizations/{org}/disabled_system_wide"
    assert insights.get(where).text == f'{{"disabledRules":[{stood}],"status":"ok"}}\n'


def test_said_again_it_is_new_but_for_its_update(insights, org):
    insights.put(ack(org, "disable"), {"justification": "first"})
    insights.post(ack(org, "update"), {"justification": "second"})
    before = one(insights, org)

    insights.put(ack(org, "disable"), {"justification": "third"})

    after = one(insights, org)
    assert after["justification"] == "third"
    assert after["created_at"]["Time"] > before["created_at"]["Time"]
    assert after["updated_at"] == before["updated_at"]
    assert before["updated_at"]["Valid"]


def test_updated_it_keeps_its_moment(insights, org):
    insights.put(ack(org, "disable"), {"justification": "first"})
    before = one(insights, org)

    answer = insights.post(ack(org, "update"), {"justification": "second"})

    assert answer.text == '{"justification":"second","status":"ok"}\n'
    after = one(insights, org)
    assert (after["justification"], after["created_at"]) == ("second", before["created_at"])
    assert after["updated_at"]["Valid"]


def test_an_update_of_nothing_is_answered_alike_and_changes_nothing(insights, org):
    answer = insights.post(ack(org, "update"), {"justification": "x"})

    assert (answer.status_code, answer.text) == (200, '{"justification":"x","status":"ok"}\n')
    assert (
        insights.get(f"rules/organizations/{org}/disabled_system_wide").text == '{"disabledRules":[],"status":"ok"}\n'
    )


def test_withdrawn_it_is_gone_and_withdrawing_again_is_answered_alike(insights, org):
    insights.put(ack(org, "disable"), {"justification": "x"})

    for _ in range(2):
        answer = insights.put(ack(org, "enable"))
        assert (answer.status_code, answer.text) == (200, ENABLED)
        assert told(insights.get(ack(org))) == (404, "Rule was not disabled")


@pytest.mark.parametrize("verb", ["disable", "update"])
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", MISSING),
        (b"  ", MISSING),
        (b"[]", BAD_TYPE),
        (b'{"justification":1}', BAD_TYPE),
        (b"{broken", "invalid character 'b' looking for beginning of object key string"),
        (b'{"justification":"%s"}' % LONG.encode(), too_long("justification")),
        (b'{"justification":"\\u0000"}', param("justification", "\0", NUL)),
    ],
)
def test_a_body_that_does_not_fit_is_refused(insights, org, verb, body, fault):
    assert told(insights.call(VERBS[verb], ack(org, verb), content=body)) == (400, fault)
    assert insights.ask("SELECT FROM public.rule_disable WHERE org_id = %s", str(org)) == []


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"justification":null}', b'{"other":1}'])
def test_nothing_can_be_the_justification(insights, org, body):
    answer = insights.put(ack(org, "disable"), content=body)

    assert answer.text == '{"justification":"","status":"ok"}\n'
    assert one(insights, org)["justification"] == ""


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_parameters_are_checked_in_their_order_and_the_caller_before_the_body(insights, guarded, org, verb):
    method = VERBS.get(verb, "GET")
    for given, fault in RULE_FAULTS:
        assert told(insights.call(method, ack("0", verb, r=given, k="\0"))) == (400, param("rule_id", given, fault))
    assert told(insights.call(method, ack("0", verb, k="\0"))) == (400, param("error_key", "\0", NUL))
    for given, fault in ORG_FAULTS:
        assert told(insights.call(method, ack(given, verb))) == (400, param("org_id", given, fault))
    assert told(guarded.call(method, ack(org, verb), token=identity("1"))) == (403, foreign(org, 1))
    assert told(guarded.call(method, ack(org, verb))) == (401, "Missing auth token")
    assert insights.ask("SELECT FROM public.rule_disable WHERE org_id = %s", str(org)) == []


@pytest.mark.parametrize("verb", VERBS)
def test_other_methods_do_nothing(insights, guarded, org, verb):
    insights.put(ack(org, "disable"), {"justification": "x"})

    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"} - {VERBS[verb]}:
        answer = guarded.call(method, ack(org, verb), content=b'{"justification":"y"}')
        assert (answer.status_code, answer.content) == (405, b"")
    answer = guarded.call("OPTIONS", ack(org, verb), content=b'{"justification":"y"}')
    assert (answer.status_code, answer.content) == (200, b"")
    assert one(insights, org)["justification"] == "x"


def test_the_slash_belongs_to_the_path_of_one(insights, org):
    insights.put(ack(org, "disable"), {"justification": "x"})

    answer = insights.get(ack(org).removesuffix("/"))

    assert answer.status_code == 301
    assert answer.headers["location"] == insights.prefix + ack(org)


def test_the_user_of_the_token_stands_in_the_audit_trail(insights, guarded, org):
    token = identity(str(org), user_id="ann")
    guarded.put(ack(org, "disable"), {"justification": "a"}, token=token)
    guarded.post(ack(org, "update"), {"justification": "b"}, token=token)
    guarded.put(ack(org, "enable"), token=token)

    query = "SELECT action, user_id, justification_before, justification_after FROM clusters.rule_change WHERE org_id = %s ORDER BY id"
    assert insights.ask(query, str(org)) == [
        ("acknowledged", "ann", None, "a"),
        ("updated", "ann", "a", "b"),
        ("withdrawn", "ann", "b", None),
    ]


def test_large_numbers_are_organisations_too(insights):
    assert insights.get("rules/organizations/4294967295/disabled_system_wide").json()["disabledRules"] == []
    assert insights.get(ack(4294967295)).status_code == 404


def test_the_list_checks_its_parameter_and_the_caller(insights, guarded, org):
    for given, fault in ORG_FAULTS:
        answer = insights.get(path("rules/organizations/{o}/disabled_system_wide", o=given))
        assert told(answer) == (400, param("org_id", given, fault))
    answer = guarded.get(f"rules/organizations/{org}/disabled_system_wide", token=identity("1"))
    assert told(answer) == (403, foreign(org, 1))


@pytest.mark.parametrize("text", ["'; DROP TABLE public.rule_disable; --", "x') OR ('1'='1", "$1 %s {}", "<&>\u2028"])
def test_any_key_and_justification_stay_texts(insights, org, text):
    insights.put(ack(org, "disable"), {"justification": "other"})
    place = {"r": "foo", "k": text}

    assert insights.put(ack(org, "disable", **place), {"justification": text}).json()["justification"] == text
    found = insights.get(ack(org, **place)).json()["disabledRule"]
    assert (found["error_key"], found["justification"]) == (text, text)
    assert insights.put(ack(org, "enable", **place)).text == ENABLED
    assert one(insights, org)["justification"] == "other"
