"""Toggles over HTTP."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fixtures.insights import identity
from fixtures.insights_faults import (
    BAD_TYPE,
    CLUSTER_FAULTS,
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
)

NO_TIME = {"Time": "0001-01-01T00:00:00Z", "Valid": False}


def toggle(verb="disable", *, c, org, r="ccx.a.report", k="EK1"):
    return path(f"clusters/{{c}}/rules/{{r}}/error_key/{{k}}/organizations/{{o}}/{verb}", c=c, r=r, k=k, o=org)


def of_rule(org, r="ccx.a.report", k="EK1"):
    return path("clusters/rules/{r}/error_key/{k}/organizations/{o}/disabled", r=r, k=k, o=org)


def test_a_disabled_rule_is_listed_as_clients_know_it(insights, org):
    cluster = insights.report(org)

    assert insights.put(toggle(c=cluster, org=org)).text == '{"status":"ok"}\n'

    answer = insights.get(f"rules/organizations/{org}/disabled")
    [(at,)] = insights.ask("SELECT disabled_at FROM public.cluster_rule_toggle WHERE cluster_id = %s", cluster)
    stood = f'{{"Time":"{moment(at)}","Valid":true}}'
    assert answer.text == (
        f'{{"rules":[{{"ClusterID":"{cluster}","RuleID":"ccx.a.report","ErrorKey":"EK1","Disabled":1,"DisabledAt":{stood},'
        f'"EnabledAt":{{"Time":"0001-01-01T00:00:00Z","Valid":false}},"UpdatedAt":{stood}}}],"status":"ok"}}\n'
    )


def test_fractions_have_no_zeros_at_their_end(insights, org):
    cluster = insights.report(org)
    insights.put(toggle(c=cluster, org=org))
    insights.ask(
        "UPDATE public.cluster_rule_toggle SET disabled_at = '2026-11-21 20:39:06.60347', updated_at = '2026-11-21 20:39:06', "
        "enabled_at = '2026-11-21 20:39:06.5' WHERE cluster_id = %s RETURNING 1",
        cluster,
    )

    [one] = insights.get(f"rules/organizations/{org}/disabled").json()["rules"]

    assert one["DisabledAt"] == {"Time": "2026-11-21T20:39:06.60347Z", "Valid": True}
    assert one["EnabledAt"] == {"Time": "2026-11-21T20:39:06.5Z", "Valid": True}
    assert one["UpdatedAt"] == {"Time": "2026-11-21T20:39:06Z", "Valid": True}


def test_a_rule_that_is_enabled_again_is_not_listed(insights, org):
    cluster = insights.report(org)
    insights.put(toggle(c=cluster, org=org))

    assert insights.put(toggle("enable", c=cluster, org=org)).text == '{"status":"ok"}\n'

    assert insights.get(f"rules/organizations/{org}/disabled").text == '{"rules":[],"status":"ok"}\n'
    assert insights.get(of_rule(org)).text == '{"clusters":null,"status":"ok"}\n'


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_faults_of_parameters_are_told_in_their_words(insights, org, verb):
    cluster = insights.report(org)

    for given, fault in CLUSTER_FAULTS:
        assert told(insights.put(toggle(verb, c=given, org=org))) == (400, param("cluster", given, fault))
    for given, fault in RULE_FAULTS:
        assert told(insights.put(toggle(verb, c=cluster, org=org, r=given))) == (400, param("rule_id", given, fault))
    for given, fault in ORG_FAULTS:
        assert told(insights.put(toggle(verb, c=cluster, org=given))) == (400, param("org_id", given, fault))
    assert told(insights.put(toggle(verb, c=cluster, org=org, k="\0"))) == (400, param("error_key", "\0", NUL))


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_faults_come_in_their_order(insights, guarded, org, verb):
    """Each time one more thing fits; what comes behind it is still wrong."""
    other, token = org + 1_000_000, identity(str(org))
    mine, theirs, nobodys = insights.report(org), insights.report(other), str(uuid4())

    def answered(**parts):
        return told(guarded.put(toggle(verb, **{"org": "0"} | parts), token=token))

    assert answered(c="abc", r="r-r")[1].startswith("Error during parsing param 'cluster'")
    assert answered(c=nobodys, r="r-r", k="\0")[1].startswith("Error during parsing param 'rule_id'")
    assert answered(c=nobodys, k="\0")[1].startswith("Error during parsing param 'error_key'")
    assert answered(c=nobodys) == (404, missing(nobodys))
    assert answered(c=theirs) == (403, foreign(other, org))
    assert answered(c=mine) == (400, param("org_id", "0", "positive value expected"))
    assert answered(c=mine, org=other) == (403, foreign(other, org))
    assert answered(c=theirs, org=org) == (403, foreign(other, org))
    assert answered(c=nobodys, org=org) == (404, missing(nobodys))
    assert insights.ask("SELECT FROM public.cluster_rule_toggle WHERE cluster_id IN (%s, %s)", mine, theirs) == []
    assert guarded.put(toggle(verb, c=mine, org=org), token=token).json() == {"status": "ok"}


def test_the_user_of_the_token_stands_in_the_audit_trail(insights, guarded, org):
    cluster = insights.report(org)
    guarded.put(toggle(c=cluster, org=org), token=identity(str(org), user_id="ann"))
    insights.put(toggle("enable", c=cluster, org=org))

    query = "SELECT action, user_id, org_id FROM clusters.rule_change WHERE cluster_id = %s ORDER BY id"
    assert insights.ask(query, cluster) == [("disabled", "ann", str(org)), ("enabled", None, str(org))]


def test_who_may_do_all_names_the_organisation_that_is_kept(insights, org):
    cluster = insights.report(org)

    insights.put(toggle(c=cluster, org=org + 1_000_000))

    assert insights.get(f"rules/organizations/{org}/disabled").json()["rules"] == []
    assert len(insights.get(f"rules/organizations/{org + 1_000_000}/disabled").json()["rules"]) == 1


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_other_methods_do_nothing(insights, guarded, org, verb):
    cluster = insights.report(org)

    for method in ("GET", "POST", "DELETE", "PATCH", "HEAD"):
        answer = guarded.call(method, toggle(verb, c=cluster, org=org))
        assert (answer.status_code, answer.content) == (405, b"")
    answer = guarded.call("OPTIONS", toggle(verb, c=cluster, org=org))
    assert (answer.status_code, answer.content) == (200, b"")
    assert insights.ask("SELECT FROM public.cluster_rule_toggle WHERE cluster_id = %s", cluster) == []


def test_what_is_disabled_for_some_clusters(insights, org):
    first, second = (insights.report(org) for _ in range(2))
    for cluster in (first, second):
        insights.put(toggle(c=cluster, org=org))
    where = f"rules/organizations/{org}/disabled_for_clusters"

    def found(body):
        return {one["ClusterID"] for one in insights.post(where, body).json()["rules"]}

    assert found([first]) == {first}
    assert found([first, second, first, "x", None]) == {first, second}
    assert found(["x') OR ('1'='1", "\0", "%s"]) == set()
    for body in (b"[]", b"null"):
        assert insights.post(where, content=body).text == '{"rules":[],"status":"ok"}\n'


def test_a_filter_that_does_not_fit_is_refused(insights, org):
    where = f"rules/organizations/{org}/disabled_for_clusters"

    assert told(insights.post(where)) == (400, MISSING)
    for body in ({"clusters": []}, [1], "x", 1):
        assert told(insights.post(where, body)) == (400, BAD_TYPE)
    assert told(insights.post(where, content=b"[x"))[0] == 400
    answer = insights.call("OPTIONS", where)
    assert (answer.status_code, answer.content) == (200, b"")


def test_no_text_of_a_filter_reaches_other_organisations(insights, org):
    theirs = insights.report(org + 1_000_000)
    insights.put(toggle(c=theirs, org=org + 1_000_000))

    for text in ("x') OR ('1'='1", theirs, "') UNION SELECT 1 --", "'; DELETE FROM public.cluster_rule_toggle; --"):
        answer = insights.post(f"rules/organizations/{org}/disabled_for_clusters", [text])
        assert answer.json() == {"rules": [], "status": "ok"}
    assert len(insights.get(f"rules/organizations/{org + 1_000_000}/disabled").json()["rules"]) == 1


def test_clusters_of_a_disabled_rule_come_the_latest_first_with_their_reasons(insights, org):
    first, second = (insights.report(org) for _ in range(2))
    for cluster in (first, second):
        insights.put(toggle(c=cluster, org=org))
    place = path(
        "clusters/{c}/rules/ccx.a.report/error_key/EK1/organizations/{o}/users/u/disable_feedback", c=first, o=org
    )
    insights.post(place, {"message": "final"})

    answer = insights.get(of_rule(org))

    stamps = dict(
        insights.ask("SELECT cluster_id, disabled_at FROM public.cluster_rule_toggle WHERE org_id = %s", str(org))
    )
    told_at = {cluster: moment(at) for cluster, at in stamps.items()}
    assert answer.text == (
        f'{{"clusters":[{{"cluster_id":"{second}","cluster_name":"","disabled_at":"{told_at[second]}","justification":""}},'
        f'{{"cluster_id":"{first}","cluster_name":"","disabled_at":"{told_at[first]}","justification":"final"}}],"status":"ok"}}\n'
    )
    assert insights.get(of_rule(org, k="EK2")).json()["clusters"] is None
    assert insights.get(of_rule(org, r="ccx.a")).json()["clusters"] is None


def test_lists_check_their_parameters_and_the_caller(insights, guarded, org):
    lists = {
        "rules/organizations/{o}/disabled": "GET",
        "rules/organizations/{o}/disabled_for_clusters": "POST",
        "clusters/rules/ccx.a/error_key/EK1/organizations/{o}/disabled": "GET",
    }
    for template, method in lists.items():
        for given, fault in ORG_FAULTS:
            assert told(insights.call(method, path(template, o=given))) == (400, param("org_id", given, fault))
        answer = guarded.call(method, path(template, o=org), token=identity("1"), content=b"[]")
        assert told(answer) == (403, foreign(org, 1))
        assert told(guarded.call(method, path(template, o=org))) == (401, "Missing auth token")
        for number in (2_147_483_648, 4_294_967_295):
            answer = insights.call(method, path(template, o=number), content=b"[]")
            assert answer.status_code == 200
            assert (answer.json().get("rules") or answer.json().get("clusters") or []) == []
    for given, fault in RULE_FAULTS:
        assert told(insights.get(of_rule(org, r=given))) == (400, param("rule_id", given, fault))
