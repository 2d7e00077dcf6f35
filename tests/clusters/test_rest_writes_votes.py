"""Votes and reasons over HTTP."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fixtures.insights import identity
from fixtures.insights_faults import (
    BAD_TYPE,
    CLUSTER_FAULTS,
    LONG,
    MISSING,
    NUL,
    ORG_FAULTS,
    RULE_FAULTS,
    foreign,
    missing,
    moment,
    param,
    path,
    told,
    too_long,
)

HIT = "clusters/{c}/rules/{r}/error_key/{k}"
VERBS = {"like": 1, "dislike": -1, "reset_vote": 0}
OTHER_METHODS = ["GET", "POST", "DELETE", "PATCH", "HEAD"]


def vote(verb="like", *, c, org, r="ccx.a.report", k="EK1", u="u1"):
    return path(f"{HIT}/organizations/{{o}}/users/{{u}}/{verb}", c=c, r=r, k=k, o=org, u=u)


def reason(*, c, org, r="ccx.a.report", k="EK1", u="u1"):
    return path(f"{HIT}/organizations/{{o}}/users/{{u}}/disable_feedback", c=c, r=r, k=k, o=org, u=u)


def get_vote(*, c, r="ccx.a.report", k="EK1", u="u1"):
    return path(f"{HIT}/users/{{u}}/get_vote", c=c, r=r, k=k, u=u)


@pytest.mark.parametrize("verb", VERBS)
def test_a_vote_is_taken_and_told(insights, org, verb):
    cluster = insights.report(org)

    answer = insights.put(vote(verb, c=cluster, org=org))

    assert (answer.status_code, answer.text) == (200, '{"status":"ok"}\n')
    assert insights.get(get_vote(c=cluster)).text == f'{{"status":"ok","vote":{VERBS[verb]}}}\n'


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"", ""),
        (b" \n", ""),
        (b"{}", ""),
        (b"null", ""),
        (b'{"message":null}', ""),
        (b'{"MESSAGE":"x"}', "x"),
        (b'{"message":"a"} and more', "a"),
        (b'{"message":"\\ud800"}', "\ufffd"),
        (('{"message":"' + "é" * 127 + 'x"}').encode(), "é" * 127 + "x"),
    ],
)
def test_the_message_is_optional(insights, org, body, kept):
    cluster = insights.report(org)

    assert insights.put(vote(c=cluster, org=org), content=body).json() == {"status": "ok"}

    [found] = insights.ask(
        "SELECT message, org_id FROM public.cluster_rule_user_feedback WHERE cluster_id = %s", cluster
    )
    assert found == (kept, str(org))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"[]", BAD_TYPE),
        (b'{"message":1}', BAD_TYPE),
        (b"{broken", "invalid character 'b' looking for beginning of object key string"),
        (b'{"message":"%s"}' % LONG.encode(), too_long("message")),
        (b'{"message":"\\u0000"}', param("message", "\0", NUL)),
    ],
)
@pytest.mark.parametrize("place", [vote, reason])
def test_a_body_that_does_not_fit_is_refused(insights, org, place, body, fault):
    cluster = insights.report(org)
    method = "PUT" if place is vote else "POST"

    assert told(insights.call(method, place(c=cluster, org=org), content=body)) == (400, fault)
    assert insights.ask("SELECT FROM public.cluster_rule_user_feedback WHERE cluster_id = %s", cluster) == []


@pytest.mark.parametrize("place", [vote, reason])
def test_faults_of_parameters_are_told_in_their_words(insights, org, place):
    cluster = insights.report(org)
    call = insights.put if place is vote else insights.post

    for given, fault in CLUSTER_FAULTS:
        assert told(call(place(c=given, org=org))) == (400, param("cluster", given, fault))
    for given, fault in RULE_FAULTS:
        assert told(call(place(c=cluster, org=org, r=given))) == (400, param("rule_id", given, fault))
    for given, fault in ORG_FAULTS:
        assert told(call(place(c=cluster, org=given))) == (400, param("org_id", given, fault))
    for blank in (" ", "\t", "\u00a0"):
        assert told(call(place(c=cluster, org=org, u=blank))) == (400, "Missing required param from request: user_id")
    assert told(call(place(c=cluster, org=org, k="\0"))) == (400, param("error_key", "\0", NUL))
    assert told(call(place(c=cluster, org=org, u="\0"))) == (400, param("user_id", "\0", NUL))


@pytest.mark.parametrize("place", [vote, reason])
def test_faults_come_in_their_order(insights, guarded, org, place):
    """Each time one more thing fits; what comes behind it is still wrong."""
    other, token = org + 1_000_000, identity(str(org))
    mine, theirs, nobodys = insights.report(org), insights.report(other), str(uuid4())

    def answered(content=b"[]", **parts):
        method = "PUT" if place is vote else "POST"
        return told(guarded.call(method, place(**{"u": " ", "org": "0"} | parts), token=token, content=content))

    assert answered(c="abc", r="r-r")[1].startswith("Error during parsing param 'cluster'")
    assert answered(c=nobodys, r="r-r", k="\0")[1].startswith("Error during parsing param 'rule_id'")
    assert answered(c=nobodys, k="\0")[1].startswith("Error during parsing param 'error_key'")
    assert answered(c=nobodys) == (404, missing(nobodys))
    assert answered(c=theirs) == (400, "Missing required param from request: user_id")
    assert answered(c=theirs, u="u") == (400, param("org_id", "0", "positive value expected"))
    assert answered(c=theirs, u="u", org=other) == (403, foreign(other, org))
    assert answered(c=theirs, u="u", org=org) == (403, foreign(other, org))
    assert answered(c=mine, u="u", org=other) == (403, foreign(other, org))
    assert answered(c=mine, u="u", org=org) == (400, BAD_TYPE)
    assert answered(c=nobodys, u="u", org=org, content=b'{"message":"x"}') == (404, missing(nobodys))
    assert answered(c=theirs, u="u", org=org, content=b'{"message":"x"}') == (403, foreign(other, org))
    assert (
        insights.ask("SELECT FROM public.cluster_rule_user_feedback WHERE cluster_id IN (%s, %s)", mine, theirs) == []
    )


def test_the_caller_may_vote_on_own_clusters(insights, guarded, org):
    cluster = insights.report(org)

    assert guarded.put(vote(c=cluster, org=org), token=identity(str(org))).json() == {"status": "ok"}
    assert told(guarded.put(vote(c=cluster, org=org))) == (401, "Missing auth token")


def test_who_may_do_all_names_the_organisation_that_is_kept(insights, org):
    cluster = insights.report(org)

    assert insights.put(vote(c=cluster, org=f"00{org + 1}")).status_code == 200

    assert insights.ask("SELECT org_id FROM public.cluster_rule_user_feedback WHERE cluster_id = %s", cluster) == [
        (str(org + 1),)
    ]


@pytest.mark.parametrize("place", [*VERBS, "disable_feedback"])
def test_other_methods_do_nothing(insights, guarded, org, place):
    cluster = insights.report(org)
    where = vote(place, c=cluster, org=org)
    own = "POST" if place == "disable_feedback" else "PUT"

    for method in {*OTHER_METHODS, "PUT"} - {own}:
        answer = guarded.call(method, where)
        assert (answer.status_code, answer.content) == (405, b"")
    answer = guarded.call("OPTIONS", where)
    assert (answer.status_code, answer.content) == (405 if place == "disable_feedback" else 200, b"")
    for table in ("cluster_rule_user_feedback", "cluster_user_rule_disable_feedback"):
        assert insights.ask(f"SELECT FROM public.{table} WHERE cluster_id = %s", cluster) == []


def test_how_somebody_voted_is_told_by_key(insights, org):
    cluster = insights.report(org)
    insights.put(vote(c=cluster, org=org))

    assert insights.get(get_vote(c=cluster)).json() == {"status": "ok", "vote": 1}
    assert told(insights.get(get_vote(c=cluster, k="EK2"))) == (404, missing(cluster, "ccx.a.report", "u1"))
    assert told(insights.get(get_vote(c=cluster, u="u2"))) == (404, missing(cluster, "ccx.a.report", "u2"))
    assert told(insights.get(get_vote(c=cluster, u=" "))) == (400, "Missing required param from request: user_id")
    nobodys = str(uuid4())
    assert (
        told(insights.get(get_vote(c=nobodys)))
        == told(insights.get(get_vote(c=nobodys, u=" ")))
        == (404, missing(nobodys))
    )


def test_how_somebody_voted_is_told_in_debug_mode_only_and_to_the_owner_only(insights, guarded, examined, org):
    cluster = insights.report(org)
    insights.put(vote(c=cluster, org=org))

    assert guarded.get(get_vote(c=cluster), token=identity(str(org))).status_code == 404
    assert told(examined.get(get_vote(c=cluster), token=identity("1"))) == (403, foreign(org, 1))
    assert examined.get(get_vote(c=cluster), token=identity(str(org))).json()["vote"] == 1


def test_a_reason_is_taken_and_told(insights, org):
    cluster, user = insights.report(org), f"user-{org}"
    for message in ("first", "<final> & best"):
        answer = insights.post(reason(c=cluster, org=org, u=user), {"message": message})

    assert answer.text == '{"message":"\\u003cfinal\\u003e \\u0026 best","status":"ok"}\n'
    [one] = insights.get(path("rules/users/{u}/disabled/feedback", u=user)).json()["reasons"]
    [(added, updated)] = insights.ask(
        "SELECT added_at, updated_at FROM public.cluster_user_rule_disable_feedback WHERE user_id = %s", user
    )
    assert one == {
        "ClusterID": cluster,
        "RuleID": "ccx.a.report",
        "ErrorKey": "EK1",
        "Message": "<final> & best",
        "AddedAt": {"Time": one["AddedAt"]["Time"], "Valid": True},
        "UpdatedAt": {"Time": one["UpdatedAt"]["Time"], "Valid": True},
    }
    assert list(one) == ["ClusterID", "RuleID", "ErrorKey", "Message", "AddedAt", "UpdatedAt"]
    assert one["AddedAt"]["Time"] == moment(added)
    assert one["UpdatedAt"]["Time"] == moment(updated)


def test_a_reason_wants_a_body_which_may_say_nothing(insights, org):
    cluster = insights.report(org)

    assert told(insights.post(reason(c=cluster, org=org))) == (400, MISSING)
    assert insights.post(reason(c=cluster, org=org), {}).text == '{"message":"","status":"ok"}\n'


def test_reasons_of_a_user_are_those_for_the_callers_organisation(insights, guarded, org):
    user = f"user-{org}"
    for number in (org, org + 1_000_000):
        insights.post(reason(c=insights.report(number), org=number, u=user), {"message": str(number)})
    where = path("rules/users/{u}/disabled/feedback", u=user)

    assert [one["Message"] for one in insights.get(where).json()["reasons"]] == [str(org + 1_000_000), str(org)]
    assert [one["Message"] for one in guarded.get(where, token=identity(str(org))).json()["reasons"]] == [str(org)]


def test_a_user_without_reasons_has_an_empty_list(insights):
    assert insights.get("rules/users/nobody/disabled/feedback").text == '{"reasons":[],"status":"ok"}\n'
    assert told(insights.get("rules/users/%20/disabled/feedback")) == (
        400,
        "Missing required param from request: user_id",
    )
