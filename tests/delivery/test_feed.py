"""The feed: an order that never skips, filters within the database, places that survive what is forgotten."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest

from evistore.delivery import feed
from evistore.delivery.feed import START, Place, Wanted
from evistore.kernel.database import Transaction
from fixtures.histories import runs, store, told


@pytest.fixture
def tx(delivery):
    return Transaction(delivery)


def followed(tx, place=START, wanted=feed.ALL, **bounds):
    """The ids of all events that follow `place`, and where the last batch ends."""
    found = []
    while not (batch := feed.after(tx, place, wanted, **bounds)).is_end:
        found += [event.subject_id for event in batch.events]
        place = batch.place
    return found, place


def test_every_event_comes_once_in_batches_of_any_size(tx):
    for n in range(7):
        store(tx.connection, told("change.created", f"c-{n}", f"10:{9 - n:02}"))

    every = [f"c-{n}" for n in range(7)]
    assert followed(tx) == (every, feed.newest(tx))
    assert followed(tx, limit=3)[0] == followed(tx, size=1)[0] == every


@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_no_event_is_skipped_whose_transaction_commits_late(delivery_url):
    """One transaction is older, another has the smaller position: neither order alone would do."""
    with (
        psycopg.connect(delivery_url) as early,
        psycopg.connect(delivery_url) as late,
        psycopg.connect(delivery_url, autocommit=True) as reader,
    ):
        tx = Transaction(reader)
        store(reader, told("change.created", "first"))
        late.execute("SELECT pg_current_xact_id()")
        store(early, told("change.created", "small-position"))
        store(late, told("change.created", "old-transaction"))
        store(reader, told("change.created", "committed-before"))
        seen, place = followed(tx)
        late.commit()
        more, place = followed(tx, place)
        early.commit()
        rest, place = followed(tx, place)

    assert seen == ["first"]
    assert "small-position" not in more
    assert Counter([*seen, *more, *rest]) == Counter(["first", "small-position", "old-transaction", "committed-before"])


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(subjects=["service"]), ["shop", "cart"]),
        (Wanted(subjects=["incident", "environment"]), ["i-1", "prod"]),
        (Wanted(subject_ids=["b-1"]), ["b-1"]),
        (Wanted(predicates=["deployed"]), ["shop"]),
        (Wanted(sources=["/other"]), ["b-1"]),
        (Wanted(environments=["prod"]), ["shop", "i-1", "prod"]),
        (Wanted(services=["shop"]), ["shop", "i-1"]),
        (Wanted(environments=["stage"], services=["shop"]), []),
        (Wanted(subjects=["nothing"]), []),
    ],
)
def test_a_filter_lets_pass_what_it_names_and_gets_on_all_the_same(tx, wanted, ids):
    store(
        tx.connection,
        runs("shop", "prod", "pkg:oci/shop@1", "10:00"),
        runs("cart", "stage", "pkg:oci/cart@1", "10:01", "upgraded"),
        told("build.finished", "b-1", "10:02", source="/other"),
        told("incident.detected", "i-1", "10:03", environment={"id": "prod"}, service={"id": "shop"}),
        told("environment.created", "prod", "10:04"),
        told("ticket.closed", None, "10:05"),
    )

    assert followed(tx, START, wanted) == (ids, feed.newest(tx))
    assert followed(tx, START, wanted, limit=1)[0] == ids


def test_a_rare_filter_gets_on_in_steps(tx, monkeypatch):
    monkeypatch.setattr(feed, "SCAN", 10)
    store(tx.connection, *[told("change.created", f"c-{n}") for n in range(35)], told("build.queued", "rare"))

    batches, place = [], START
    while not (batch := feed.after(tx, place, Wanted(subjects=["build"]))).is_end:
        place = batch.place
        batches.append(len(batch.events))

    assert batches == [0, 0, 0, 1]


def test_a_position_is_a_place_to_go_on_from(tx):
    assert feed.newest(tx) == feed.place_of(tx, 0) == feed.place_of(tx, 10**12) == START
    for n in range(3):
        store(tx.connection, told("change.created", f"c-{n}"))
    first = feed.after(tx, START).events[0]

    assert feed.place_of(tx, first.place.position) == first.place
    assert followed(tx, first.place)[0] == ["c-1", "c-2"]
    assert feed.place_of(tx, 10**12) == feed.newest(tx)


def test_behind_a_forgotten_event_nothing_is_missed(tx):
    for n in range(4):
        store(tx.connection, told("change.created", f"c-{n}"))
    places = [event.place for event in feed.after(tx, START).events]
    tx.connection.execute("DELETE FROM cdviz.event_identity WHERE position = %s", [places[1].position])

    assert followed(tx, feed.place_of(tx, places[1].position))[0] == ["c-2", "c-3"]


def test_what_retention_took_is_passed_over(tx):
    for n in range(4):
        store(tx.connection, told("change.created", f"c-{n}"))
    tx.connection.execute("DELETE FROM cdviz.cdevents_lake WHERE subject_id IN ('c-1', 'c-3')")

    assert followed(tx) == (["c-0", "c-2"], feed.newest(tx))


def test_a_payload_is_handed_on_to_the_last_digit(tx):
    store(tx.connection, told("ticket.created", "T-1", custom={"amount": 1.10, "text": 'ä"\\\u2028\n'}))
    tx.connection.execute(
        """INSERT INTO cdviz.cdevents_lake (payload, "timestamp", subject, predicate, context_id)
           VALUES ('{"amount": 1.100, "large": 123456789012345678901234567890}', now(), 'ticket', 'created', 'x')"""
    )

    first, second = feed.after(tx, START).events

    assert second.payload == '{"large": 123456789012345678901234567890, "amount": 1.100}'
    assert b'"amount": 1.100' in second.document()
    assert b"\n" not in first.document()  # it stands on one line of a stream
    assert b"payload" not in first.document(payload=False)


@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_what_follows_is_found_by_index_however_long_the_history_is(tx):
    def pages():
        """Pages touched by those who look for the end, and for what follows a place close to it."""
        touched = []
        for statement in ("cdviz.feed_place()", f"cdviz.feed_after('{near.xid}', {near.position}, p_scan => 5)"):
            for _ in range(3):  # the first look of a connection reads the catalogue
                plan = tx.value(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) SELECT * FROM {statement}")[0]["Plan"]
            touched.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        return touched

    store(tx.connection, *[told("change.created", f"c-{n}") for n in range(20)])
    near = feed.after(tx, START, limit=10).place
    early = pages()
    for _ in range(6):
        store(tx.connection, *[told("change.created", f"c-{n}") for n in range(1000)])
    tx.connection.execute("VACUUM ANALYZE cdviz.event_identity, cdviz.cdevents_lake")
    position = feed.newest(tx).position
    near = feed.place_of(tx, position - 10)
    late = pages()

    assert all(after < before + 25 for before, after in zip(early, late, strict=True)), (early, late)


def test_places_have_the_order_of_the_feed():
    assert Place(9, 1) < Place(10, 0) < Place(10, 1)
