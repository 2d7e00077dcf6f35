"""The write path probes history by index and never reads it: a late batch costs what an early one did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.history import history
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.projecting import batch, call

EARLY, SIZE, MANY = 2000, 250, 30_000
HISTORY = (
    "subject_state",
    "edge",
    "event_identity",
    "cdevents_lake",
    "service_event",
    "service_placement",
    "pending_link",
)
EXPLAIN = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_format = json;
SET auto_explain.log_parameter_max_length = 0;
SET client_min_messages = log;
"""


@dataclass
class Plans:
    """The plans of every statement, nested ones too, that ran on a connection."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        _, begin, rest = (diagnostic.message_primary or "").partition("{")
        if begin:
            self.found.append(json.loads(begin + rest)["Plan"])

    def nodes(self) -> Iterator[dict[str, Any]]:
        waiting = list(self.found)
        while waiting:
            node = waiting.pop()
            waiting += node.get("Plans", [])
            yield node

    def read_in_full(self) -> set[str]:
        """The tables of history that a sequential scan really ran over."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan"
            and node.get("Actual Loops", 0) > 0
            and node["Relation Name"].startswith(HISTORY)
        }

    def buffers(self) -> int:
        """Pages that the outermost statements touched, with all that ran within them."""
        return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in self.outermost())

    def outermost(self) -> list[dict[str, Any]]:
        return [
            plan
            for plan in self.found
            if plan.get("Function Name") == "store_cdevents"
            or any(inner.get("Function Name") == "store_cdevents" for inner in plan.get("Plans", []))
        ]


def explained(url: str, way: Any, texts: list[str]) -> Plans:
    """The plans by which a new connection stores *texts*, once its first statements are behind it."""
    plans = Plans()
    with psycopg.connect(url, autocommit=True) as connection:
        way(connection, texts[:20])
        connection.execute(EXPLAIN)
        connection.add_notice_handler(plans.hear)
        way(connection, texts[20:])
    return plans


@pytest.fixture(scope="module")
def measured(postgres18) -> Iterator[dict[str, Plans]]:
    """A history of some length, and the plans by which an early batch, a late one, known ones and calls were stored."""
    url = postgres18.fresh_database(template(postgres18))
    migrate(url, CONTEXTS)
    events = list(history(seed=2, services=66, days=35, until=datetime(2026, 6, 10, tzinfo=UTC)))[: MANY + 3 * SIZE]
    assert len(events) == MANY + 3 * SIZE
    with psycopg.connect(url, autocommit=True) as connection:
        batch(connection, events[:EARLY])
        found = {"early": explained(url, batch, events[EARLY : EARLY + SIZE])}
        for start in range(EARLY + SIZE, MANY, 3000):
            batch(connection, events[start : min(start + 3000, MANY)])
        connection.execute("VACUUM ANALYZE")
    found["late"] = explained(url, batch, events[MANY : MANY + SIZE])
    found["calls"] = explained(url, call, events[MANY + SIZE : MANY + SIZE + 120])
    known = [changed(text) for text in events[5000 : 5000 + SIZE]]
    found["known"] = explained(url, batch, known)
    found["mixed"] = explained(url, batch, [*events[MANY + 2 * SIZE : MANY + 3 * SIZE], "{}"])
    yield found
    postgres18.discard(url)


def changed(text: str) -> str:
    """The event as a redelivery that stamped its own time, so that the stored one has to be read."""
    event = json.loads(text)
    event["context"]["timestamp"] = "2026-06-09T23:59:59.5Z"
    return json.dumps(event)


@pytest.mark.parametrize("what", ["late", "calls", "known"])
def test_no_table_of_history_is_read_in_full(measured, what):
    plans = measured[what]

    assert len(plans.found) > 3
    assert any(node.get("Relation Name", "").startswith("event_identity") for node in plans.nodes())
    assert plans.read_in_full() == set()


def test_a_late_batch_touches_no_more_than_an_early_one(measured):
    early, late = (measured[name].buffers() / (SIZE - 20) for name in ("early", "late"))

    assert early > 5
    assert late < 2 * early


def test_only_what_was_not_stored_is_looked_at_twice(measured):
    settled = [
        node["Actual Loops"] for node in measured["mixed"].nodes() if node.get("Function Name") == "settle_known"
    ]

    assert settled == [1]
