"""Reports of clusters, byte for byte as clients expect them."""

from __future__ import annotations

import base64
import json
from uuid import uuid4

import pytest

T = "2024-01-01T10:00:00"


def path(org, cluster, user="12"):
    return f"organizations/{org}/clusters/{cluster}/users/{user}"


def toggled(insights, org, cluster, **columns):
    told = {"rule_id": "ccx.a.report", "error_key": "EK1", "disabled": 1, "disabled_at": T, "updated_at": T}
    insights.insert("public.cluster_rule_toggle", **{"org_id": org, "cluster_id": cluster} | told | columns)


def voted(insights, cluster, **columns):
    told = {"rule_id": "ccx.a.report", "error_key": "EK1", "user_id": "12", "message": "", "user_vote": 1}
    times = {"added_at": T, "updated_at": T}
    insights.insert("public.cluster_rule_user_feedback", **{"cluster_id": cluster} | told | times | columns)


def explained(insights, cluster, **columns):
    told = {"rule_id": "ccx.a.report", "error_key": "EK1", "user_id": "12", "message": "because"}
    times = {"added_at": T, "updated_at": "2024-02-03T04:05:06.789"}
    insights.insert("public.cluster_user_rule_disable_feedback", **{"cluster_id": cluster} | told | times | columns)


def items(insights, org, cluster, user="12"):
    return insights.get(f"{path(org, cluster, user)}/report").json()["report"]["reports"]


def test_a_report_has_its_hits_in_this_form(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster, template_data='{"type":"rule","n":1.50}')

    assert insights.get(f"{path(org, cluster)}/report").text == (
        '{"report":{"meta":{"cluster_name":"","count":1,"last_checked_at":"2024-01-02T03:04:05Z","gathered_at":"2024-01-02T01:00:00Z"},'
        '"reports":[{"component":"ccx.a.report","key":"EK1","user_vote":0,"disabled":false,"disable_feedback":"","disabled_at":"",'
        '"details":{"type":"rule","n":1.50},"impacted":"2024-01-01T10:00:00Z"}]},"status":"ok"}\n'
    )


def test_a_report_without_hits_counts_minus_one(insights, org):
    cluster = insights.report(org, gathered_at=None)

    assert insights.get(f"{path(org, cluster)}/report").text == (
        '{"report":{"meta":{"cluster_name":"","count":-1,"last_checked_at":"2024-01-02T03:04:05Z"},"reports":[]},"status":"ok"}\n'
    )
    assert insights.get(f"{path(org, cluster)}/report/info").json()["metainfo"]["count"] == -1


def test_hits_are_in_order_of_rule_and_key(insights, org):
    cluster = insights.report(org)
    names = [("ccx.b", "A"), ("ccx.a", "b"), ("ccx.a", "B"), ("ccx.a", "A")]
    for rule, key in names:
        insights.hit(org, cluster, rule, key)

    found = [(one["component"].removesuffix(".report"), one["key"]) for one in items(insights, org, cluster)]
    assert found == sorted(names)


def test_moments_that_there_are_none_of_are_the_first_of_all(insights, org):
    cluster = insights.report(org, last_checked_at=None, reported_at=None)
    insights.hit(org, cluster, created_at=None)

    answer = insights.get(f"{path(org, cluster)}/report").json()["report"]
    assert answer["meta"]["last_checked_at"] == "0001-01-01T00:00:00Z"
    assert answer["reports"][0]["impacted"] == "0001-01-01T00:00:00Z"
    stored = insights.get(f"{path(org, cluster)}/report/info").json()["metainfo"]
    assert (stored["last_checked_at"], stored["stored_at"]) == ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        '{"b": 1,\n "a":1e2, "n": 1.50, "big": 123456789012345678901234567890}',
        '{"html":"<a href=\\"x\\">&</a>"}',
        '"text"',
        "null",
        " [ ] ",
        '{"half":"\\ud800"}',
        '{"nul":"\\u0000"}',
        '{"twice":1,"twice":2}',
        "[" * 1500 + "]" * 1500,
        '{"é":"ü"}',
    ],
)
def test_details_that_are_json_are_passed_on_byte_for_byte(insights, org, text):
    cluster = insights.report(org)
    insights.hit(org, cluster, template_data=text)

    for place in ("report", "rules/ccx.a.report%7CEK1"):
        answer = insights.get(f"{path(org, cluster)}/{place}")
        assert f'"details":{text}'.encode() in answer.content


@pytest.mark.parametrize("text", ["", "no json", "{", "{'a': 1}", "NaN", '{"a":1} x', "é", "\\ud800", '"a\nb"'])
def test_details_that_are_no_json_are_base64(insights, org, text):
    cluster = insights.report(org)
    insights.hit(org, cluster, template_data=text)

    expected = base64.b64encode(text.encode()).decode()
    assert items(insights, org, cluster)[0]["details"] == expected


def test_html_characters_are_escaped_everywhere_else(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster, key="<&>\u2028")

    answer = insights.get(f"{path(org, cluster)}/report")
    assert b'"key":"\\u003c\\u0026\\u003e\\u2028"' in answer.content
    assert items(insights, org, cluster)[0]["key"] == "<&>\u2028"


def test_a_vote_shows_on_its_key_and_for_its_user_only(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    insights.hit(org, cluster, key="EK2")
    voted(insights, cluster, user_vote=-1)

    assert [one["user_vote"] for one in items(insights, org, cluster)] == [-1, 0]
    assert [one["user_vote"] for one in items(insights, org, cluster, "13")] == [0, 0]
    single = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").json()
    assert single["report"]["user_vote"] == -1


@pytest.mark.parametrize("named", ["ccx.a.report", "ccx.a"])
def test_a_toggle_disables_its_rule_and_key_with_or_without_report_at_its_end(insights, org, named):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    insights.hit(org, cluster, key="EK2")
    insights.hit(org, cluster, "ccx.a.b")
    toggled(insights, org, cluster, rule_id=named)

    assert [one["disabled"] for one in items(insights, org, cluster)] == [False, True, False]
    single = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").json()["report"]
    assert (single["disabled"], single["disabled_at"]) == (True, "2024-01-01T10:00:00Z")
    other = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK2").json()["report"]
    assert (other["disabled"], other["disabled_at"]) == (False, "")


def test_toggles_of_other_organisations_and_clusters_do_not_matter(insights, org):
    cluster, other = insights.report(org), insights.report(org)
    insights.hit(org, cluster)
    toggled(insights, org, other)
    toggled(insights, org + 1, cluster)

    assert items(insights, org, cluster)[0]["disabled"] is False
    single = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").json()["report"]
    assert (single["disabled"], single["disabled_at"]) == (False, "")


def test_a_rule_that_was_enabled_again_has_the_first_of_all_moments(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    toggled(insights, org, cluster, disabled=0, disabled_at=None, enabled_at=T)

    assert items(insights, org, cluster)[0]["disabled"] is False
    single = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").json()["report"]
    assert (single["disabled"], single["disabled_at"]) == (False, "0001-01-01T00:00:00Z")


def test_the_reason_of_a_user_is_told_to_him_whether_the_rule_is_disabled_or_not(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    explained(insights, cluster)

    mine, other = items(insights, org, cluster)[0], items(insights, org, cluster, "13")[0]

    assert (mine["disable_feedback"], mine["disabled_at"]) == ("because", "2024-02-03T04:05:06Z")
    assert (mine["disabled"], other["disable_feedback"], other["disabled_at"]) == (False, "", "")
    single = insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").json()["report"]
    assert single["disable_feedback"] == "because"


def test_a_single_hit_has_the_form_of_a_report_without_impact(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster, template_data='{"n":1.50}')

    assert insights.get(f"{path(org, cluster)}/rules/ccx.a.report%7CEK1").text == (
        '{"report":{"component":"ccx.a.report","key":"EK1","user_vote":0,"disabled":false,"disable_feedback":"","disabled_at":"",'
        '"details":{"n":1.50}},"status":"ok"}\n'
    )


def test_the_info_of_a_report_tells_count_and_moments(insights, org):
    cluster = insights.report(org, reported_at="2024-05-06T07:08:09.999")
    insights.hit(org, cluster)
    insights.hit(org, cluster, key="EK2")

    assert insights.get(f"{path(org, cluster)}/report/info").text == (
        '{"metainfo":{"count":2,"last_checked_at":"2024-01-02T03:04:05Z","stored_at":"2024-05-06T07:08:09Z"},"status":"ok"}\n'
    )


def test_what_is_not_there_is_named(insights, org):
    cluster, other = str(uuid4()), insights.report(org)
    foreign = insights.report(org + 500_000)

    for place in (cluster, foreign):
        told = {"status": f"Item with ID {org}/{place} was not found in the storage"}
        for what in ("report", "report/info"):
            answer = insights.get(f"{path(org, place)}/{what}")
            assert (answer.status_code, answer.json()) == (404, told)
            assert answer.headers["x-error-code"] == "not-found"
    for place in (cluster, other):
        answer = insights.get(f"{path(org, place)}/rules/ccx.a.report%7CEK1")
        told = {"status": f"Item with ID {org}/{place}/ccx.a.report/EK1 was not found in the storage"}
        assert (answer.status_code, answer.json()) == (404, told)


def test_stored_reports_are_indented_with_tabs(insights, org):
    cluster, unknown = insights.report(org, report='{"a":[],"b":{},"c":[1.50,"x"],"d":{"e":null}}'), str(uuid4())

    answer = insights.get(f"organizations/{org}/clusters/{cluster},{unknown},{cluster}/reports")

    assert answer.text == (
        "{\n"
        '\t"clusters": [\n'
        f'\t\t"{cluster}",\n'
        f'\t\t"{cluster}"\n'
        "\t],\n"
        '\t"errors": [\n'
        f'\t\t"{unknown}"\n'
        "\t],\n"
        '\t"reports": {\n'
        f'\t\t"{cluster}": {{\n'
        '\t\t\t"a": [],\n'
        '\t\t\t"b": {},\n'
        '\t\t\t"c": [\n'
        "\t\t\t\t1.50,\n"
        '\t\t\t\t"x"\n'
        "\t\t\t],\n"
        '\t\t\t"d": {\n'
        '\t\t\t\t"e": null\n'
        "\t\t\t}\n"
        "\t\t}\n"
        "\t},\n"
        '\t"generated_at": "",\n'
        '\t"status": "ok"\n'
        "}"
    )
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    body = insights.post(f"organizations/{org}/clusters/reports", {"clusters": [cluster, unknown, cluster]})
    assert body.text == answer.text


def test_an_odd_report_is_indented_alike(insights, org):
    text = '{"half":"\\ud800 \\" [{,:","n":[1.50,[],{}],"deep":' + "[" * 1200 + "1" + "]" * 1200 + "}"
    plain = insights.report(
        org, report=text.replace("\\ud800", "xxxxxx").replace("[" * 1200, "[").replace("]" * 1200, "]")
    )
    odd = insights.report(org, report=text.replace("[" * 1200, "[").replace("]" * 1200, "]"))
    deep = insights.report(org, report=text)

    def indented(cluster):
        return insights.get(f"organizations/{org}/clusters/{cluster}/reports").text.replace(cluster, "C")

    assert indented(odd) == indented(plain).replace("xxxxxx", "\\ud800")
    assert indented(deep).count("\n") == indented(odd).count("\n") + 2 * 1199


def test_stored_reports_that_are_no_json_are_errors(insights, org):
    broken, empty, good = (insights.report(org, report=text) for text in ("{", "", "{}"))

    told = insights.post(f"organizations/{org}/clusters/reports", {"clusters": [good, broken, empty]}).json()

    assert (told["clusters"], told["errors"], told["reports"]) == ([good], [broken, empty], {good: {}})


def test_an_empty_list_of_reports_is_null_and_an_empty_object(insights, org):
    for body in ({"clusters": []}, {"clusters": None}, {}, {"other": 1}):
        answer = insights.post(f"organizations/{org}/clusters/reports", body)
        assert answer.text == (
            '{\n\t"clusters": null,\n\t"errors": null,\n\t"reports": {},\n\t"generated_at": "",\n\t"status": "ok"\n}'
        )


def test_a_known_cluster_of_another_organisation_spoils_the_list(insights, org):
    mine, foreign = insights.report(org), insights.report(org + 500_000)

    for answer in (
        insights.get(f"organizations/{org}/clusters/{mine},{foreign}/reports"),
        insights.post(f"organizations/{org}/clusters/reports", {"clusters": [foreign]}),
    ):
        assert (answer.status_code, answer.json()) == (400, {"status": "Improper organization ID"})


def test_the_content_length_counts_bytes(insights, org):
    cluster = insights.report(org)
    insights.hit(org, cluster, template_data=json.dumps({"é": "ü" * 100}, ensure_ascii=False))

    answer = insights.get(f"{path(org, cluster)}/report")
    assert answer.headers["content-length"] == str(len(answer.content))
