"""Whatever is sent, the store functions answer: one outcome for each, and the sums add up."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evistore.delivery.history import history
from fixtures.projecting import batch, call, empty

# What PostgreSQL's JSON cannot hold never reaches the functions: NUL and lone surrogates, and numbers beyond all bounds.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.sampled_from(
        ["", "x" * 3000, "2026-03-20T10:00:00Z", "now", "pkg:npm/@a/b@1", "pkg:", "PATH", "\u202e", -(10**40)]
    ),
)
WORDS = (
    "context subject content id source type timestamp links chainId customData linkType linkKind from target contextId "
    "environment artifactId service outcome pipelineRun change repository testCase name version"
)
MEMBERS = st.sampled_from(WORDS.split())
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(MEMBERS | TEXTS, inner, max_size=5)),
    max_leaves=25,
)
REAL = [json.loads(text) for text in history(seed=4, services=2, days=3, until=datetime(2026, 6, 1, tzinfo=UTC))]


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the whole among them."""
    members = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [path, *(place for key, value in members for place in places(value, (*path, key)))]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another value at a place."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """A real event with something else in one or two places."""
    event = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(0, 2))):
        event = replaced(event, draw(st.sampled_from(places(event))), draw(ANYTHING))
    return event


def tally(connection: psycopg.Connection) -> Counter[str]:
    """What stands in the tables: stored, conflict, rejected."""
    lake, conflicts, others = connection.execute(
        """SELECT (SELECT count(*) FROM cdviz.cdevents_lake),
                  (SELECT coalesce(sum(seen), 0)::bigint FROM cdviz.quarantine WHERE reason = 'conflict'),
                  (SELECT coalesce(sum(seen), 0)::bigint FROM cdviz.quarantine WHERE reason <> 'conflict')"""
    ).fetchone()
    return Counter(stored=lake, conflict=conflicts, rejected=others)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_whatever_is_sent_gets_one_outcome_and_breaks_nothing(delivery):
    seen: Counter[str] = Counter()

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(mutants() | mutants() | ANYTHING, max_size=8), st.booleans())
    def hold(documents, one_by_one):
        empty(delivery)
        delivery.execute("TRUNCATE evistore.quarantine")
        texts = [json.dumps(document) for document in documents]

        if one_by_one:
            call(delivery, texts)
            found = tally(delivery)
            assert sum(found.values()) <= len(texts)
        else:
            outcomes = batch(delivery, texts)
            found = Counter(outcomes)
            assert len(outcomes) == len(texts)
            assert found.keys() <= {"stored", "duplicate", "conflict", "rejected"}
            assert tally(delivery) == Counter({**found, "duplicate": 0})
            call(delivery, texts)  # everything stored is known now, and all else comes for the second time
            assert tally(delivery)["stored"] == found["stored"]
        seen.update(found)
        assert delivery.execute(
            'SELECT count(*) FROM cdviz.event_identity JOIN cdviz.cdevents_lake USING ("timestamp", position)'
        ).fetchone() == (found["stored"],)

    hold()
    delivery.execute("SELECT cdviz.settle_links(), cdviz.refresh_activity()")
    assert set(seen) >= {"stored", "duplicate", "conflict", "rejected"}
