"""Events by page, by position, and as a feed that skips none."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.delivery import events, subjects
from evistore.delivery.events import Filter
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.paging import cursor_of, key_of
from fixtures.histories import moment, store, told


@pytest.fixture
def tx(delivery):
    return Transaction(delivery)


def pages(read):
    """All pages that `read` gives, each by the cursor of the one before."""
    cursor, found = None, []
    while True:
        page = read(cursor)
        found.append(list(page.items))
        cursor = page.next
        if cursor is None:
            return found


def test_pages_hold_each_event_once_newest_first_also_within_one_instant(tx):
    store(tx.connection, *[told("change.created", f"c-{n}", "10:00" if n % 2 else f"10:{n:02}") for n in range(25)])

    found = pages(lambda cursor: events.page(tx, Filter(), cursor=cursor, limit=4))

    every = [event for page in found for event in page]
    assert len(every) == len({event.position for event in every}) == 25
    assert [(e.timestamp, e.position) for e in every] == sorted(
        ((e.timestamp, e.position) for e in every), reverse=True
    )
    assert [len(page) for page in found[:6]] == [4] * 6


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(subject="build"), {"b-1"}),
        (Filter(predicate="created"), {"c-1", "c-2"}),
        (Filter(source="/other"), {"c-2"}),
        (Filter(since=moment("10:01"), until=moment("10:02")), {"c-2"}),
        (Filter(subject_id="b-1"), {"b-1"}),
        (Filter(subject="change", subject_id="b-1"), set()),
        (Filter(subject_id="b-1", predicate="queued"), set()),
        (Filter(verdict="none"), {"c-1", "c-2", "b-1"}),
        (Filter(verdict="invalid"), {None}),
        (Filter(subject="nothing"), set()),
    ],
)
def test_a_filter_lets_pass_what_it_names(tx, wanted, ids):
    store(
        tx.connection, told("change.created", "c-1", "10:00"), told("change.created", "c-2", "10:01", source="/other")
    )
    store(
        tx.connection,
        told("build.finished", "b-1", "10:02"),
        told("ticket.closed", None, "10:03"),
    )

    found = events.page(tx, wanted).items

    assert {event.subject_id for event in found} == ids
    assert all(wanted.passes(event) for event in found)


def test_a_rare_filter_ends_a_page_early_with_a_cursor_to_go_on(tx, monkeypatch):
    monkeypatch.setattr(events, "SCAN", 10)
    store(
        tx.connection,
        told("build.queued", "rare", "09:00"),
        *[told("change.created", f"c-{n}", f"10:{n:02}") for n in range(25)],
    )

    found = pages(lambda cursor: events.page(tx, Filter(subject="build"), cursor=cursor))

    assert [[event.subject_id for event in page] for page in found] == [[], [], ["rare"]]


def test_an_event_is_found_by_its_position_and_by_its_own_id(tx):
    store(
        tx.connection,
        told("change.created", "c-1", id_="One"),
        told("change.created", "c-1", id_="one", source="/other"),
    )
    position = events.page(tx, Filter()).items[0].position

    assert events.at(tx, position).position == position
    assert [event.context_id for event in events.named(tx, "one")] == ["one", "One"]
    with pytest.raises(NotFound):
        events.at(tx, 10**9)


def test_the_summary_counts_what_was_stored(tx):
    assert events.summary(tx) == events.Summary(0, is_exact=True, first_at=None, last_at=None)
    store(tx.connection, told("change.created", "c-1", "10:00"), told("change.created", "c-2", "11:00"))

    assert events.summary(tx) == events.Summary(2, is_exact=True, first_at=moment("10:00"), last_at=moment("11:00"))


def test_activity_tells_the_last_day_from_the_last_week(tx):
    store(tx.connection, told("build.queued", "b-1", "10:00"), told("build.queued", "b-2", "2026-03-16T10:00:00+00:00"))

    assert events.activity(tx, now=moment("12:00")) == [events.Activity("build", 1, 2)]


def test_a_follower_gets_every_event_once_in_an_order_it_can_go_on_from(tx):
    for n in range(7):
        store(tx.connection, told("change.created", f"c-{n}", f"10:{9 - n:02}"))

    position, seen = None, []
    while batch := events.after(tx, position, limit=3):
        seen += [event.subject_id for event in batch]
        position = batch[-1].position

    assert seen == [f"c-{n}" for n in range(7)]
    assert events.newest(tx) == position


@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_a_follower_never_skips_an_event_whose_transaction_committed_late(delivery_url):
    """One transaction is older, the other takes the smaller position: neither order alone would do."""
    with (
        psycopg.connect(delivery_url) as early,
        psycopg.connect(delivery_url) as late,
        psycopg.connect(delivery_url, autocommit=True) as reader,
    ):
        tx = Transaction(reader)
        store(reader, told("change.created", "first"))  # whoever makes the week's partition holds others up
        late.execute("SELECT pg_current_xact_id()")
        store(early, told("change.created", "small-position"))
        store(late, told("change.created", "old-transaction"))
        late.commit()
        first = events.after(tx, None)
        early.commit()
        second = events.after(tx, first[-1].position if first else None)

    counted = Counter(event.subject_id for event in [*first, *second])
    assert counted == {"first": 1, "small-position": 1, "old-transaction": 1}


@given(st.datetimes(timezones=st.just(moment("10:00").tzinfo)), st.integers(0, 2**63 - 1))
@settings(max_examples=50)
def test_a_cursor_gives_back_the_key_it_was_made_of(at, position):
    assert key_of(cursor_of((at, position)), int) == (at, position)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
@settings(max_examples=100)
def test_any_other_text_is_no_cursor(text):
    with pytest.raises(Rejected):
        key_of(text, int)


def test_subjects_of_a_type_come_by_page_newest_first_or_by_id(tx):
    store(tx.connection, *[told("pipelinerun.started", f"run-{n}", f"10:{n:02}") for n in range(5)])
    store(tx.connection, *[told("repository.created", f"repo-{n}", f"10:{n:02}") for n in (3, 1, 2)])

    def ids(kind):
        return [
            [one.subject_id for one in page]
            for page in pages(lambda cursor: subjects.page(tx, kind, cursor=cursor, limit=2))
        ]

    assert ids("pipelinerun") == [["run-4", "run-3"], ["run-2", "run-1"], ["run-0"]]
    assert ids("repository") == [["repo-1", "repo-2"], ["repo-3"]]
    assert ids("nothing") == [[]]


def test_a_state_tells_everything_that_happened_and_when(tx):
    store(
        tx.connection,
        told("pipelinerun.started", "run-1", "10:00", pipelineName="build"),
        told("pipelinerun.finished", "run-1", "10:05", outcome="success"),
    )

    (state,) = subjects.states(tx, "run-1")

    assert state.times == [("finished", moment("10:05")), ("started", moment("10:00"))]
    assert (state.last_predicate, state.outcome, state.name) == ("finished", "success", "build")


def test_events_that_nobody_analysed_yet_are_estimated_by_the_first_pages(delivery):
    delivery.execute(
        "INSERT INTO cdviz.event_identity (context_key, key, content, position, timestamp, xid)"
        " SELECT n, gen_random_uuid(), gen_random_uuid(), n, now(), pg_current_xact_id() FROM generate_series(1, 30000) AS n"
    )

    estimated, is_exact = delivery.execute("SELECT events, is_exact FROM cdviz.event_estimate()").fetchone()

    assert 29_000 < estimated < 31_000
    assert not is_exact
