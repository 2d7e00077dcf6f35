"""What does not fit, told in the words that clients know and in the order in which they expect it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

CLUSTER = "5d5892d3-1f74-4ccf-91af-548dfc9767aa"
ORGS = ["organizations/{}/clusters/" + CLUSTER + "/users/12/report", "organization/{}/workloads"]
INJECTIONS = [
    "x') OR ('1'='1",
    "' OR 1=1 --",
    "'; DROP TABLE public.report; --",
    "\\'; SELECT pg_sleep(10); --",
    "$1",
    "%s",
    "%(org_id)s",
    "{0}",
    "1 UNION SELECT version()",
]


def parsing(name, value, reason):
    return {"status": f"Error during parsing param '{name}' with value '{value}'. Error: '{reason}'"}


def refused(answer, status=400):
    assert answer.status_code == status
    assert answer.headers["x-error-code"]
    return answer.json()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x", "unsigned integer expected"),
        ("-1", "unsigned integer expected"),
        ("+1", "unsigned integer expected"),
        ("1.0", "unsigned integer expected"),
        ("٣", "unsigned integer expected"),
        ("0", "positive value expected"),
        ("000", "positive value expected"),
        ("4294967296", "value 4294967296 out of range for uint32"),
        ("18446744073709551615", "value 18446744073709551615 out of range for uint32"),
        ("18446744073709551616", "unsigned integer expected"),
        ("9" * 5000, "unsigned integer expected"),
    ],
)
@pytest.mark.parametrize("path", ORGS)
def test_an_organisation_is_a_positive_number_of_32_bits(insights, path, value, reason):
    assert refused(insights.get(path.format(quote(value)))) == parsing("org_id", value, reason)


def test_the_list_of_clusters_names_its_parameter_otherwise(insights):
    expected = parsing("organization", "x", "unsigned integer expected")
    assert refused(insights.get("organizations/x/clusters")) == expected


def test_zeros_before_an_organisation_do_not_matter(insights, org):
    cluster = insights.report(org)
    assert insights.get(f"organizations/0{org}/clusters").json()["clusters"] == [cluster]


@pytest.mark.parametrize("org_id", [2**31, 2**32 - 1])
def test_organisations_that_nothing_is_stored_for_are_empty_and_no_fault(insights, org_id):
    user = f"organizations/{org_id}/clusters/{CLUSTER}/users/12"
    for path, answer in {
        f"organizations/{org_id}/clusters": {"clusters": [], "status": "ok"},
        f"organization/{org_id}/workloads": {"workloads": None, "status": "ok"},
    }.items():
        assert insights.get(path).json() == answer
    for path in (
        f"{user}/report",
        f"{user}/report/info",
        f"{user}/rules/ccx.a.report%7CEK1",
        f"organization/{org_id}/namespace/A/cluster/{CLUSTER}/workloads",
        f"rules/ccx.a%7CEK1/organizations/{org_id}/users/12/clusters_detail",
    ):
        assert refused(insights.get(path), 404)["status"].endswith(" was not found in the storage")
    listed = insights.post(f"recommendations/organizations/{org_id}/users/12/list", [CLUSTER])
    assert listed.json() == {"recommendations": {}, "status": "ok"}
    grouped = insights.post(f"clusters/organizations/{org_id}/users/12/recommendations", [CLUSTER])
    assert grouped.json() == {"clusters": {}, "status": "ok"}
    assert insights.post(f"organization/{org_id}/workloads", [CLUSTER]).json()["workloads"] is None
    assert insights.get(f"organizations/{org_id}/clusters/{CLUSTER}/reports").json()["errors"] == [CLUSTER]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc", "invalid UUID length: 3"),
        ("é", "invalid UUID length: 2"),
        ("x" * 36, "invalid UUID format"),
        ("x" * 32, "invalid UUID format"),
        ("x" * 38, "invalid UUID format"),
        (CLUSTER.replace("-", "_"), "invalid UUID format"),
        ("urn:uuie:" + CLUSTER, 'invalid urn prefix: "urn:uuie:"'),
        ('xxx:"xxx:' + CLUSTER, r'invalid urn prefix: "xxx:\x22xxx:"'),
    ],
)
def test_a_cluster_is_a_uuid(insights, value, reason):
    answer = insights.get(f"organizations/1/clusters/{quote(value)}/users/12/report")
    assert refused(answer) == parsing("cluster", value, reason)


@pytest.mark.parametrize(
    "value", [CLUSTER.upper(), f"urn:uuid:{CLUSTER}", f"URN:UUID:{CLUSTER}", f"{{{CLUSTER}}}", CLUSTER.replace("-", "")]
)
def test_every_notation_of_a_uuid_passes_and_is_looked_up_as_it_is_written(insights, org, value):
    place = f"organizations/{org}/clusters/{quote(value)}/users/12/report"

    assert refused(insights.get(place), 404) == {
        "status": f"Item with ID {org}/{value} was not found in the storage",
    }

    insights.report(org, value)
    assert insights.get(place).status_code == 200


@pytest.mark.parametrize("value", ["r-r", "r/r", "r r", "ü", "r|k"])
def test_a_rule_is_made_of_words_and_dots(insights, value):
    place = f"clusters/{CLUSTER}/rules/{quote(value, safe='')}/error_key/EK1/organizations/1/disable"
    if "/" in value:
        assert insights.put(place).status_code == 404
        return
    reason = "invalid rule ID, it must contain only from latin characters, number, underscores or dots"
    assert refused(insights.put(place)) == parsing("rule_id", value, reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("ccx.a", "invalid rule ID, it must contain only rule ID and error key separated by |"),
        ("a|b|c", "invalid rule ID, it must contain only rule ID and error key separated by |"),
        ("a|", "invalid rule ID, each part of ID must contain only latin characters, numbers, underscores or dots"),
        ("a-b|c", "invalid rule ID, each part of ID must contain only latin characters, numbers, underscores or dots"),
    ],
)
def test_a_single_rule_has_a_key(insights, value, reason):
    answer = insights.get(f"organizations/1/clusters/{CLUSTER}/users/12/rules/{quote(value)}")
    inner = f"Error during validating param 'rule' with value '{value}'. Error: '{reason}'"
    assert refused(answer) == parsing("rule_id", value, inner)


@pytest.mark.parametrize("value", ["a|B", "a.b", "a.b|", "a.b|C-D", "a.b|C\n"])
def test_a_selector_has_a_plugin_and_a_key(insights, value):
    answer = insights.get(f"rules/{quote(value)}/organizations/1/users/12/clusters_detail")
    reason = "Param rule_selector is not a valid rule selector (plugin_name|error_key)"
    assert refused(answer) == parsing("rule_selector", value, reason)


def test_a_selector_may_begin_with_anything(insights, org):
    answer = insights.get(f"rules/-%20-ccx.a%7CEK1/organizations/{org}/users/12/clusters_detail")
    assert refused(answer, 404)["status"] == "Item with ID - -ccx.a|EK1 was not found in the storage"


@pytest.mark.parametrize("value", ["%20", "%09%20"])
def test_a_user_is_not_blank(insights, value):
    answer = insights.get(f"organizations/1/clusters/{CLUSTER}/users/{value}/report")
    assert refused(answer) == {"status": "Missing required param from request: user_id"}


def test_a_namespace_has_at_most_256_characters(insights, org):
    def place(name):
        return f"organization/{org}/namespace/{quote(name)}/cluster/{CLUSTER}/workloads"

    long = "é" * 257
    assert refused(insights.get(place("é" * 256)), 404)
    assert refused(insights.get(place(long))) == parsing("namespace", long, f"invalid namespace ID: '{long}'")


def test_clusters_of_a_list_are_each_checked(insights):
    told = {"status": "invalid cluster ID: 'abc'. Error: invalid UUID length: 3"}

    assert refused(insights.get(f"organizations/1/clusters/{CLUSTER},abc/reports")) == told
    assert refused(insights.post("organizations/1/clusters/reports", {"clusters": [CLUSTER, "abc"]})) == told
    assert refused(insights.get("organizations/1/clusters/,/reports"))["status"].startswith("invalid cluster ID: ''.")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("organizations/x/clusters/abc/users/%20/report", "'cluster'"),
        (f"organizations/x/clusters/{CLUSTER}/users/%20/report", "user_id"),
        ("organizations/x/clusters/abc/users/%20/report/info", "'cluster'"),
        ("organizations/x/clusters/abc/users/%20/rules/r", "'cluster'"),
        (f"organizations/x/clusters/{CLUSTER}/users/%20/rules/r", "user_id"),
        (f"organizations/x/clusters/{CLUSTER}/users/12/rules/r", "'org_id'"),
        ("organizations/x/clusters/abc/reports", "'org_id'"),
        ("rules/r/organizations/x/users/%20/clusters_detail", "'org_id'"),
        ("rules/r/organizations/1/users/%20/clusters_detail", "'rule_selector'"),
        ("rules/ccx.a%7CK/organizations/1/users/%20/clusters_detail", "user_id"),
        ("organization/x/namespace/A/cluster/abc/workloads", "'org_id'"),
        ("organization/1/namespace/" + "x" * 300 + "/cluster/abc/workloads", "'cluster'"),
    ],
)
def test_the_first_fault_in_order_is_told(insights, path, told):
    assert told in refused(insights.get(path))["status"]


def test_a_nul_character_is_refused_and_breaks_nothing(insights):
    for path in (
        f"organizations/1/clusters/{CLUSTER}/users/a%00b/report",
        f"organizations/1/clusters/%00{CLUSTER}%00/users/12/report",
        f"organization/1/namespace/a%00b/cluster/{CLUSTER}/workloads",
        "rules/%00ccx.a%7CK/organizations/1/users/12/clusters_detail",
    ):
        answer = insights.get(path)
        assert refused(answer)
        assert answer.headers["x-error-code"] == "nul-character"


def test_names_that_no_index_holds_are_refused(insights, org):
    cluster = insights.report(org)
    rule, name = "r" * 500, "\N{CRAB}" * 256
    place = f"clusters/{cluster}/rules/{{}}/error_key/{{}}/organizations/{org}"

    assert insights.put(f"{place.format(rule, name)}/users/{name}/like").status_code == 200
    for path in (
        f"{place.format(rule, name)}/users/{name}u/like",
        f"{place.format(rule, name + 'K')}/users/12/like",
        f"{place.format(rule + 'r', 'K')}/disable",
        f"{place.format(rule, name + 'K')}/disable",
        f"rules/{rule}r/error_key/K/organizations/{org}/disable",
    ):
        assert " characters'" in refused(insights.put(path))["status"]
    body = {"rule": "r" * 1500 + "|" + "K" * 500, "rating": 1}
    assert refused(insights.post(f"rules/organizations/{org}/rating", body))["status"].endswith("2000 characters'")
    body = {"rule": "r" * 1500 + "|" + "K" * 499, "rating": 1}
    assert insights.post(f"rules/organizations/{org}/rating", body).status_code == 200


BODIES = [
    ("organizations/1/clusters/reports", '{"clusters":[]}'),
    ("recommendations/organizations/1/users/12/list", "[]"),
    ("clusters/organizations/1/users/12/recommendations", "[]"),
    ("organization/1/workloads", "[]"),
]


@pytest.mark.parametrize(("path", "_"), BODIES)
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "client didn't provide request body"),
        (b" \n", "client didn't provide request body"),
        (b"{b", "invalid character 'b' looking for beginning of object key string"),
        (b"x", "invalid character 'x' looking for beginning of value"),
        (b"[1", "unexpected EOF"),
        (b"[1 2]", "invalid character '2' after array element"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b'{"a":1 "b"}', "invalid character '\"' after object key:value pair"),
        (b'["\\x"]', "invalid character 'x' in string escape code"),
        (b'["\\u12x4"]', "invalid character 'x' in \\u hexadecimal character escape"),
        (b'["a\nb"]', "invalid character '\\n' in string literal"),
        (b"[tru]", "invalid character ']' in literal true (expecting 'e')"),
        (b"[-x]", "invalid character 'x' in numeric literal"),
        (b"[1.x]", "invalid character 'x' after decimal point in numeric literal"),
        (b"[1ex]", "invalid character 'x' in exponent of numeric literal"),
        (b"[" * 10_001, "exceeded max depth"),
        (b"[1]", "bad type in json data"),
        (b'"x"', "bad type in json data"),
        (b"17", "bad type in json data"),
    ],
)
def test_a_body_that_is_none_is_told_in_known_words(insights, path, _, content, told):
    assert refused(insights.post(path, content=content)) == {"status": told}


@pytest.mark.parametrize(("path", "good"), BODIES)
def test_a_body_of_the_other_kind_has_a_bad_type(insights, path, good):
    other = b"[]" if good.startswith("{") else b"{}"
    assert refused(insights.post(path, content=other)) == {"status": "bad type in json data"}


@pytest.mark.parametrize(("path", "good"), BODIES)
def test_only_the_first_value_of_a_body_is_read_and_null_is_empty(insights, path, good):
    plain = insights.post(path, content=good.encode())

    assert plain.status_code == 200
    assert insights.post(path, content=f" {good} and more [".encode()).text == plain.text
    assert insights.post(path, content=b"null").text == plain.text


def test_names_in_bodies_match_whatever_their_case(insights, org):
    cluster = insights.report(org)
    for name in ("clusters", "CLUSTERS", "clu\u017fters"):
        answer = insights.post(f"organizations/{org}/clusters/reports", {"x": 1, name: [cluster]})
        assert answer.json()["clusters"] == [cluster]


def test_a_body_that_is_too_large_is_refused(insights):
    answer = insights.post("recommendations/organizations/1/users/12/list", content=b"[" + b" " * 9_000_000 + b"]")
    assert refused(answer, 413)
    assert answer.headers["x-error-code"] == "body-too-large"


def test_half_a_surrogate_pair_and_bytes_that_are_no_utf8_are_taken_for_unknown(insights, org):
    cluster = insights.report(org)
    for content in (b'["\\ud800"]', b'["\xff"]', b'["\\u0000"]', b"[null]"):
        answer = insights.post(f"clusters/organizations/{org}/users/12/recommendations", content=content)
        assert answer.json() == {"clusters": {}, "status": "ok"}
    mixed = f'["\\ud800", "{cluster}"]'.encode()
    answer = insights.post(f"clusters/organizations/{org}/users/12/recommendations", content=mixed)
    assert list(answer.json()["clusters"]) == [cluster]


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_parameter_is_only_text(insights, org, text):
    cluster = insights.report(org)
    insights.hit(org, cluster)
    part = quote(text, safe="")
    known = f"organizations/{org}/clusters/{cluster}/users"

    assert insights.get(f"organizations/{part}/clusters").status_code == 400
    assert insights.get(f"organizations/{org}/clusters/{part}/users/1/report").status_code == 400
    assert insights.get(f"organizations/{org}/clusters/{cluster},{part}/reports").status_code == 400
    assert insights.get(f"{known}/{part}/report").json()["report"]["meta"]["count"] == 1
    assert insights.get(f"{known}/{part}/report/info").status_code == 200
    assert insights.get(f"{known}/1/rules/{part}%7CEK1").status_code == 400
    assert insights.get(f"rules/{part}ccx.a%7CEK1/organizations/{org}/users/1/clusters_detail").status_code == 404
    found = insights.get(f"rules/ccx.a%7CEK1/organizations/{org}/users/{part}/clusters_detail").json()
    assert [one["cluster"] for one in found["clusters"]] == [cluster]
    assert insights.get(f"organization/{org}/namespace/{part}/cluster/{cluster}/workloads").status_code == 404
    assert insights.get(f"{part}").status_code == 404
    assert insights.get(f"info?x={part}").status_code == 200


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_body_is_only_text(insights, org, text):
    insights.hit(org, insights.report(org))
    foreign = insights.report(org + 500_000)
    insights.hit(org + 500_000, foreign)

    lists = [text, foreign, f"{foreign}') OR ('1'='1"]
    by_rule = insights.post(f"recommendations/organizations/{org}/users/1/list", lists)
    by_cluster = insights.post(f"clusters/organizations/{org}/users/1/recommendations", lists)
    detail = insights.call("GET", f"rules/ccx.a%7CEK1/organizations/{org}/users/1/clusters_detail", {"clusters": lists})
    workloads = insights.post(f"organization/{org}/workloads", lists)
    reports = insights.post(f"organizations/{org}/clusters/reports", {"clusters": [text]})

    assert by_rule.json()["recommendations"] == {}
    assert by_cluster.json()["clusters"] == {}
    assert detail.status_code == 404
    assert workloads.json()["workloads"] is None
    assert reports.status_code == 400
    assert insights.ask("SELECT count(*) > 0 FROM public.report") == [(True,)]
