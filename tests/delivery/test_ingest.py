"""The one way in: what becomes of decoded items, in a transaction of a real database."""

from __future__ import annotations

import json
import random

import pytest

from evistore.delivery.ingest import accept, kafka_handler
from evistore.delivery.wire import Event, Malformed, decode_http, decode_text
from evistore.kernel.database import Database
from evistore.kernel.messages import Message
from fixtures.serving import broken, cdevent


@pytest.fixture
def tx(delivery_url):
    with Database(delivery_url, size=1) as database, database.transaction() as transaction:
        yield transaction


def item(document, *, judged=True):
    return decode_text(json.dumps(document).encode(), judged=judged)


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


def test_each_item_has_its_receipt_in_order(tx):
    one, other = cdevent("one"), cdevent("other")
    changed = cdevent("one")
    items = [item(one), Malformed("not-json", "no JSON", b"\x00{"), item(other), item({}), item(one), item(changed)]

    receipts = accept(tx, items, origin="test")

    assert outcomes(receipts) == ["stored", "malformed", "stored", "malformed", "duplicate", "conflict"]
    assert [receipt.context_id for receipt in receipts] == ["one", None, "other", None, "one", "one"]
    assert receipts[0].position == receipts[4].position
    assert [receipt.reason for receipt in receipts if receipt.quarantine_id] == [
        "not-json",
        receipts[3].reason,
        "conflict",
    ]


def test_nothing_is_nothing(tx):
    assert accept(tx, [], origin="test") == []


def test_what_postgresql_refuses_costs_no_other_event(tx):
    culprits = [Event('{"nul": "\\u0000"}', None), Event("no JSON", None), Event('"\ud800"', None)]
    items = [item(cdevent(f"good-{number}")) for number in range(50)]
    for culprit in culprits:
        items.insert(random.Random(5).randrange(len(items)), culprit)

    receipts = accept(tx, items, origin="test")

    assert [one.outcome == "malformed" for one in receipts] == [one in culprits for one in items]
    kept = {row["raw"] for row in tx.rows("SELECT raw FROM evistore.quarantine WHERE reason = 'data-refused'")}
    assert kept == {culprit.text.encode("utf-8", "surrogatepass") for culprit in culprits}
    assert tx.value("SELECT count(*) FROM cdviz.cdevents_lake") == 50


def test_verdict_and_reasons_are_stored_with_the_event(tx):
    accept(tx, [item(cdevent("good")), item(broken("bad")), item(cdevent("unseen"), judged=False)], origin="test")

    rows = tx.rows("SELECT context_id, verdict, verdict_reasons FROM cdviz.cdevents_lake ORDER BY context_id")
    assert [(row["context_id"], row["verdict"], bool(row["verdict_reasons"])) for row in rows] == [
        ("bad", "invalid", True),
        ("good", "valid", False),
        ("unseen", None, False),
    ]


def test_what_was_odd_about_an_event_is_stored_with_it(tx):
    mistaken = cdevent("mistaken")
    mistaken["context"]["version"] = "0.3.0"
    attributes = {
        "ce-specversion": "1.0",
        "ce-id": "x",
        "ce-source": "/ci/test",
        "ce-type": mistaken["context"]["type"],
    }
    sent = decode_http({"content-type": "application/json", **attributes}, json.dumps(mistaken).encode())

    accept(tx, sent.events, origin="test")

    row = tx.rows("SELECT verdict, verdict_reasons FROM cdviz.cdevents_lake")[0]
    assert row["verdict"] == "valid"
    assert {"/context/version", "/context/id", "/subject/id"} <= {reason["path"] for reason in row["verdict_reasons"]}


def test_refused_events_go_to_quarantine_where_nobody_waits_for_an_answer(tx):
    receipts = accept(tx, [item(broken("bad")), item(cdevent("good"))], origin="file:x", mode="reject")

    assert outcomes(receipts) == ["refused", "stored"]
    kept = tx.rows("SELECT id, reason, origin, payload FROM evistore.quarantine")
    assert [(row["id"], row["reason"], row["origin"]) for row in kept] == [
        (receipts[0].quarantine_id, "schema", "file:x")
    ]
    assert kept[0]["payload"]["context"]["id"] == "bad"


def test_an_unknown_type_is_stored_in_reject_mode_too(tx):
    unknown = cdevent("unknown")
    unknown["context"]["type"] = "dev.cdevents.rocket.launched.0.1.0"

    assert outcomes(accept(tx, [item(unknown)], origin="test", mode="reject")) == ["stored"]


def message(value, offset, partition=0):
    return Message("cdevents", partition, offset, None, value, (), None)


def test_kafka_messages_are_stored_and_tallied(tx):
    good, bad = json.dumps(cdevent()).encode(), json.dumps(broken()).encode()

    tally = kafka_handler("reject")(tx, [message(good, 7), message(bad, 8), message(b"{", 9), message(good, 10)])

    assert tally == {"stored": 1, "refused": 1, "malformed": 1, "duplicate": 1}
    origins = tx.values("SELECT DISTINCT origin FROM evistore.quarantine")
    assert origins == ["kafka:cdevents/0/7-10"]


def test_a_kafka_batch_of_several_partitions_is_known_by_its_topic(tx):
    kafka_handler()(tx, [message(b"{", 1), message(b"}", 1, partition=1)])

    assert tx.values("SELECT DISTINCT origin FROM evistore.quarantine") == ["kafka:cdevents"]
