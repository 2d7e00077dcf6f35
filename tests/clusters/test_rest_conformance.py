"""Whatever the description allows, and much that it does not, is answered as the description says."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from fixtures.databases import template
from fixtures.insights import PREFIX, identity
from fixtures.serving import serving

CLUSTER = "5d5892d3-1f74-4ccf-91af-548dfc9767aa"
VALUES = [
    *(
        "1",
        "0",
        "-1",
        "4294967295",
        CLUSTER,
        "ccx.a.report",
        "ccx.a|EK1",
        "EK1",
        "12",
        "%",
        "..",
        ".",
        "a/b",
        "\0",
        "\u2028",
    ),
    *("'", '"', "\\", "$1", "%s", "%(x)s", "{}", "é", "\U0001f600", "\x7f", " ", "\n", "a" * 3000),
]
CONFORMANCE = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture(scope="module")
def database(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    yield url
    postgres18.discard(url)


@pytest.fixture(scope="module", params=[False, True], ids=["open", "guarded"])
def described(request, database):
    """The description of a server in debug mode, without and with tokens, and the headers it wants."""
    with serving(
        database, clusters_api_prefixes=PREFIX, clusters_debug=True, clusters_auth=request.param, http_request_seconds=5
    ) as server:
        schema = schemathesis.openapi.from_url(f"{server.url}{PREFIX}openapi.json")
        schema.config.update(base_url=f"{server.url}{PREFIX}")
        yield schema, {"x-rh-identity": identity()} if request.param else {}


@pytest.mark.parametrize(
    ("mode", "looked_at", "examples"),
    [(GenerationMode.POSITIVE, CONFORMANCE, 8), (GenerationMode.NEGATIVE, CONFORMANCE[:1], 6)],
    ids=["allowed", "not allowed"],
)
def test_every_answer_is_as_described(described, mode, looked_at, examples):
    schema, headers = described
    names = []
    for found in schema.get_all_operations():
        operation = found.ok()
        names.append(operation.label)
        if mode is GenerationMode.POSITIVE or operation.body:
            hold(operation, mode, looked_at, headers, examples)

    assert len(names) > 40


def hold(operation, mode, looked_at, headers, examples):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case):
        case.call_and_validate(checks=looked_at, headers=headers)

    check()


def test_whatever_stands_in_a_path_is_no_fault_of_the_server(insights):
    places = [
        (method, path.removeprefix("/"))
        for path, methods in insights.get("openapi.json").json()["paths"].items()
        for method in methods
    ]

    @given(st.sampled_from(places), st.data())
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def hold_on(place, data):
        method, template = place
        value = st.sampled_from(VALUES) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
        path = re.sub(r"\{\w+\}", lambda _: quote(data.draw(value), safe=""), template)
        body = data.draw(st.sampled_from([b"", b"[]", b"{}", b"null", b'["x"]', b'{"message":"x"}', b"x", b"\xff"]))

        answer = insights.call(method.upper(), path, content=body)

        assert answer.status_code < 500, (method, path, answer.text)
        assert answer.status_code in {200, 400, 404} or not answer.content

    hold_on()
