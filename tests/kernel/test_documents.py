"""What passes as storable is what PostgreSQL stores: asked of the database itself."""

from __future__ import annotations

import json

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evistore.kernel.documents import DEEPEST, elements, member, read
from evistore.kernel.errors import Rejected

ATOMS = [
    "0", "-0", "1e308", "-1.5e-300", "1e309", "1e-400", "1e-16000", "1e-16384", "0e-16384", "0e17000", "0.0e131073", "0e-2147483648",
    "9" * 308, "9" * 309, "0." + "1" * 15_999, "0." + "1" * 16_384, "NaN", "null", "true", "12E3", "01",
    '""', '"a"', '"\\u0000"', '"\\\\u0000"', '"\\\\\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800"', '"\\u00e9"',
    '"\\ud800x"', '"1e-99999"', '"\ufffe\uffff"', '"\x7f"', '"\x1f"', '"é\U0001f600"', '"\\x"', '"{[,:"',
    "[" * 150 + "]" * 150, "[" * 250 + "]" * 250, "", "]",
]  # fmt: skip
texts = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + " ,".join(items) + "]")
        | st.dictionaries(st.sampled_from(['"a"', '"\\u0000"', '"\\ud800"', '"b\\\\"', "a"]), inner, max_size=3).map(
            lambda members: "{\n" + ",".join(f"{key} : {value}" for key, value in members.items()) + "}"
        )
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def postgres(postgres18):
    url = postgres18.fresh_database()
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection
    postgres18.discard(url)


def stored(postgres: psycopg.Connection, text: str) -> str | None:
    try:
        return postgres.execute("SELECT (%s::text)::jsonb::text", [text]).fetchone()[0]
    except psycopg.DataError:
        return None


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_every_text_that_passes_is_taken_by_jsonb(postgres, text):
    try:
        document = read(text.encode())
    except Rejected:
        return
    assert document.text == text
    assert stored(postgres, text) is not None


@pytest.mark.parametrize("text", [atom for atom in ATOMS if atom not in ("NaN", "01", "", "]", '"\x1f"', '"\\x"')])
def test_no_text_is_turned_away_that_jsonb_would_hold_but_for_stated_limits(postgres, text):
    assert refused(text) in (None, "too-deep", "number-range") or stored(postgres, text) is None


def refused(text: str) -> str | None:
    try:
        read(text.encode())
    except Rejected as refusal:
        return refusal.code
    return None


def test_nesting_is_taken_up_to_the_limit_and_no_deeper():
    assert read(b"[" * DEEPEST + b"]" * DEEPEST).text
    with pytest.raises(Rejected, match="deeper"):
        read(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(values, max_size=5), st.sampled_from([None, 0, 2]), st.booleans())
def test_an_array_comes_apart_into_the_texts_of_its_elements(items, indent, plain):
    text = json.dumps(items, indent=indent, ensure_ascii=plain)
    parts = [raw.decode() for raw in elements(f" {text}\n".encode())]
    assert [json.loads(part) for part in parts] == items
    assert all(part in text and part == part.strip() for part in parts)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.text(max_size=6), values, max_size=5), st.text(max_size=6), st.booleans())
def test_a_member_is_cut_out_of_an_object_by_its_name(members, other, plain):
    text = json.dumps(members, indent=1, ensure_ascii=plain)
    for name in [*members, other]:
        found = member(text, name)
        assert (found is None) == (name not in members)
        assert found is None or json.loads(found) == members[name]


def test_of_two_members_of_one_name_the_last_counts_as_it_does_for_jsonb():
    assert member('{"a":1,"\\u0061":2}', "a") == "2"
    assert read(b'{"a":1,"a":2}').value == {"a": 2}
