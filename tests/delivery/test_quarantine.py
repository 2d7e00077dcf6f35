"""What was kept but not taken in: looked at, taken in after all, or dropped."""

from __future__ import annotations

import json

import pytest

from evistore.delivery import ingest, quarantine
from evistore.delivery.wire import decode_text
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound, Rejected
from fixtures.histories import told


@pytest.fixture
def tx(delivery):
    return Transaction(delivery)


def keep(tx, raw, **how):
    return ingest.accept(tx, [decode_text(raw)], origin="test", **how)[0].quarantine_id


def test_the_list_holds_what_is_open_the_newest_first_and_by_page(tx):
    numbers = [keep(tx, json.dumps({"n": n}).encode()) for n in range(5)]

    page = quarantine.page(tx, limit=3)
    rest = quarantine.page(tx, limit=3, before=int(page.next))

    assert [one.id for one in [*page.items, *rest.items]] == numbers[::-1]
    assert rest.next is None
    assert {one.reason for one in page.items} == {"context-missing"}
    assert quarantine.page(tx, reason="conflict").items == []


def test_bytes_that_are_no_json_are_shown_as_text_or_base64(tx):
    text, binary = keep(tx, b'{"a": "\\u0000"}'), keep(tx, b"\xff\xfe")

    assert quarantine.one(tx, text).text == '{"a": "\\u0000"}'
    assert quarantine.one(tx, text).encoded is None
    assert (quarantine.one(tx, binary).text, quarantine.one(tx, binary).encoded) == (None, "//4=")


def test_what_is_refused_in_one_mode_is_taken_in_by_a_replay_in_another(tx):
    number = keep(tx, json.dumps(told("pipelinerun.queued", "run-1", pipelineName=None)).encode(), mode="reject")

    refused = quarantine.replay(tx, number, mode="reject")
    taken = quarantine.replay(tx, number)

    assert (refused.outcome, taken.outcome) == ("refused", "stored")
    assert quarantine.one(tx, number).state == "replayed"
    assert quarantine.one(tx, number).settled_by


def test_a_replay_that_fails_leaves_the_message_open_and_alone(tx):
    number = keep(tx, b'{"context": {}}')

    assert quarantine.replay(tx, number).outcome == "malformed"
    assert [one.id for one in quarantine.page(tx).items][-1] == number
    assert quarantine.one(tx, number).state == "open"


def test_a_dropped_message_stays_for_the_record_and_cannot_be_settled_again(tx):
    number = keep(tx, b"[]")

    assert quarantine.drop(tx, number).state == "dropped"
    assert [one.id for one in quarantine.page(tx, state="dropped").items] == [number]
    for act in (quarantine.drop, quarantine.replay):
        with pytest.raises(Rejected):
            act(tx, number)


def test_a_number_that_was_never_given_is_not_found(tx):
    with pytest.raises(NotFound):
        quarantine.one(tx, 10**9)
