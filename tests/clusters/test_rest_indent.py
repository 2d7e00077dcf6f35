"""Three ways to indent a text give one result, which is the text of a JSON writer with tabs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.clusters.routes import indent
from evistore.clusters.routes.indent import indented

TEXTS = st.text(st.sampled_from('ab \\"{}[]:,\t\n\x7f\u2028é'), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans())
def test_a_text_is_indented_as_a_writer_with_tabs_would(value, spaced):
    separators = (", ", ": ") if spaced else (",", ":")
    text = json.dumps(value, ensure_ascii=False, separators=separators).encode()
    expected = json.dumps(value, ensure_ascii=False, indent="\t").encode()

    assert indented(text) == expected
    assert indent._slowly(text) == expected


@pytest.mark.parametrize(
    "text", [b"1.50", b"1e400", b"-0", b"123456789012345678901234567890", b'"\\u00e9\\/"', b'"\\ud800"']
)
def test_numbers_and_escapes_keep_their_spelling(text):
    assert indented(b"[" + text + b"]") == b"[\n\t" + text + b"\n]"
