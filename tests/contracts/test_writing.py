"""What the contract says of writing: every row of its table, through the call and through the batch, on both engines."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors

from evistore.delivery import CONTEXTS
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.engines import Engine
from fixtures.histories import told
from fixtures.projecting import empty

Way = Callable[..., list[str] | None]
LAKE = 'SELECT context_id, source, subject, predicate, "timestamp", subject_id, verdict FROM cdviz.cdevents_lake ORDER BY position'
QUARANTINE = "SELECT reason, payload, seen FROM cdviz.quarantine ORDER BY id"


def by_call(connection: psycopg.Connection, *documents: Any) -> None:
    for document in documents:
        connection.execute("CALL cdviz.store_cdevent(%s::jsonb)", [json.dumps(document)])


def by_batch(connection: psycopg.Connection, *documents: Any) -> list[str]:
    texts = [json.dumps(document) for document in documents]
    rows = connection.execute("SELECT n, outcome FROM cdviz.store_cdevents(%s::text[]::jsonb[])", [texts]).fetchall()
    assert [n for n, _ in rows] == list(range(1, len(documents) + 1))
    return [outcome for _, outcome in rows]


@pytest.fixture(scope="module")
def lasting(engine: Engine) -> Iterator[str]:
    """One database for all tests of an engine: each finds it empty."""
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    yield url
    engine.discard(url)


@pytest.fixture
def delivery(lasting: str) -> Iterator[psycopg.Connection]:
    """A connection in autocommit mode, as the administrator."""
    with psycopg.connect(lasting, autocommit=True) as connection:
        empty(connection)
        connection.execute("TRUNCATE evistore.quarantine, cdviz.activity_rollup")
        yield connection


@pytest.fixture(params=[by_call, by_batch])
def way(request: pytest.FixtureRequest) -> Way:
    """The procedure and the function in turn; the function tells the outcomes, the procedure does not."""
    return request.param


def outcomes(way: Way, connection: psycopg.Connection, *documents: Any) -> list[str]:
    """What became of each of *documents*: as the function says it, or as the tables show it."""
    if way is by_batch:
        return by_batch(connection, *documents)
    found = []
    for document in documents:
        before = counts(connection)
        by_call(connection, document)
        lake, conflicts, others = (after - was for after, was in zip(counts(connection), before, strict=True))
        assert lake + conflicts + others <= 1
        found.append("stored" if lake else "conflict" if conflicts else "rejected" if others else "duplicate")
    return found


def counts(connection: psycopg.Connection) -> tuple[int, ...]:
    return rows(
        connection,
        """SELECT (SELECT count(*)::int FROM cdviz.cdevents_lake),
                  (SELECT coalesce(sum(seen), 0)::int FROM cdviz.quarantine WHERE reason = 'conflict'),
                  (SELECT coalesce(sum(seen), 0)::int FROM cdviz.quarantine WHERE reason <> 'conflict')""",
    )[0]


def rows(connection: psycopg.Connection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return connection.execute(query, parameters or None).fetchall()


def changed(document: dict[str, Any], **context: Any) -> dict[str, Any]:
    """The event with other members in its context; `...` takes a member away."""
    merged = {**document["context"], **context}
    return {**document, "context": {key: value for key, value in merged.items() if value is not ...}}


def at(moment: Any) -> dict[str, Any]:
    """An event with this timestamp."""
    return changed(told("service.published", "shop"), timestamp=moment)


def word(length: int) -> str:
    """Letters that do not compress."""
    return "".join(random.Random(length).choices(string.ascii_lowercase + string.digits, k=length))


def test_an_event_is_stored_and_sent_again_changes_nothing(way, delivery):
    event = told("service.deployed", "shop", id_="one", environment={"id": "prod"})

    assert outcomes(way, delivery, event, event) == ["stored", "duplicate"]
    before = rows(delivery, "SELECT to_jsonb(s) FROM cdviz.subject_state AS s ORDER BY node")
    assert outcomes(way, delivery, event) == ["duplicate"]

    moment = datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert rows(delivery, LAKE) == [("one", "/ci/test", "service", "deployed", moment, "shop", None)]
    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake") == [(event,)]
    assert rows(delivery, "SELECT to_jsonb(s) FROM cdviz.subject_state AS s ORDER BY node") == before
    assert rows(delivery, QUARANTINE) == []


def test_the_same_id_of_another_source_is_another_event(way, delivery):
    event = told("service.published", "shop", id_="one")

    assert outcomes(way, delivery, event, changed(event, source="/other")) == ["stored", "stored"]


@pytest.mark.parametrize(
    "other",
    [
        told("service.published", "another", id_="one"),
        told("service.removed", "shop", id_="one"),
        told("service.published", "shop", id_="one", note="more"),
    ],
)
def test_the_same_source_and_id_with_other_content_is_a_conflict_kept_once_and_counted(way, delivery, other):
    first = told("service.published", "shop", id_="one")

    assert outcomes(way, delivery, first, other, other) == ["stored", "conflict", "conflict"]

    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake") == [(first,)]
    assert rows(delivery, QUARANTINE) == [("conflict", other, 2)]


def test_a_redelivery_that_stamped_its_own_time_is_the_same_event(way, delivery):
    first = told("service.published", "shop", "10:00", id_="one")

    assert outcomes(way, delivery, first, changed(first, timestamp="2026-03-20T11:00:00Z")) == ["stored", "duplicate"]

    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake") == [(first,)]
    assert rows(delivery, QUARANTINE) == []


@pytest.mark.parametrize(
    "event",
    [
        told("service.published", "shop", id_="x" * 300),
        told("service.published", "shop", id_=word(9000)),
        changed(told("service.published", "shop"), source=word(9000)),
        told(f"dev.cdeventsx.{'tool' * 30}.created.0.1.0", "one"),
        told(f"dev.cdeventsx.tool.{'renamed' * 20}.0.1.0", "one"),
        changed(told("pipelinerun.started", "run"), chainId=word(5000)),
        told("service.deployed", word(2000), environment={"id": word(2000)}, artifactId=word(5000)),
        told("service.deployed", "shop", environment={"id": word(9000)}),
        told("pipelinerun.finished", "run", outcome=word(9000), pipelineName=word(9000)),
        told("artifact.packaged", "pkg:npm" + "".join(f"/@{letter}" for letter in word(600)) + "@1"),
        told("service.published", "shop", custom={"links": [{"linkkind": word(900), "subject": {"id": word(3000)}}]}),
        told("service.published", "shop", n=10**1000, deep=json.loads("[" * 800 + "]" * 800), text="é🎉\u2028ﷺ" * 50),
        told("service.published", "shøp 🎉", source="/källa"),
    ],
    ids=lambda event: event["context"]["type"][:40],
)
def test_long_and_strange_values_are_stored(way, delivery, event):
    assert outcomes(way, delivery, event) == ["stored"]

    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake") == [(event,)]
    assert rows(delivery, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(1,)]
    delivery.execute("SELECT cdviz.refresh_activity()")


@pytest.mark.parametrize(
    ("type_", "parts"),
    [
        ("dev.cdevents.pipelinerun.started.0.2.0", ("pipelinerun", "started", 0, 2, 0)),
        ("dev.cdevents.pipelineRun.Started.10.20.30", ("pipelinerun", "started", 10, 20, 30)),
        ("Dev.CDEvents.TASKRUN.FINISHED.1.2.3", ("taskrun", "finished", 1, 2, 3)),
        ("dev.cdevents.service.deployed.0.4.0-draft", ("service", "deployed", 0, 4, 0)),
        ("dev.cdevents.service.deployed.0.4.0-draft.1", ("service", "deployed", 0, 4, 0)),
        ("dev.cdeventsx.mytool-resource.created.0.1.0", ("mytool-resource", "created", 0, 1, 0)),
    ],
)
def test_types_are_taken_apart_whatever_their_case_and_version(way, delivery, type_, parts):
    assert outcomes(way, delivery, changed(told("service.published", "one"), type=type_)) == ["stored"]

    assert rows(
        delivery,
        "SELECT subject, predicate, version[0], version[1], version[2], version[3], array_lower(version, 1) FROM cdevents_lake",
    ) == [(*parts, None, 0)]


EVENT = told("service.published", "shop", id_="bad")
MALFORMED = [
    ({}, "context-missing"),
    ([], "not-an-object"),
    ([EVENT], "not-an-object"),
    ("text", "not-an-object"),
    (None, "not-an-object"),
    (17, "not-an-object"),
    ({**EVENT, "context": "text"}, "context-missing"),
    ({**EVENT, "context": [EVENT["context"]]}, "context-missing"),
    (changed(EVENT, type=...), "type-missing"),
    (changed(EVENT, type=7), "type-missing"),
    (changed(EVENT, type=None), "type-missing"),
    (changed(EVENT, type=""), "type-missing"),
    (changed(EVENT, type="dev.cdevents.service.published"), "type-malformed"),
    (changed(EVENT, type="dev.cdevents.service.published.x.y.z"), "type-malformed"),
    (changed(EVENT, type="dev.cdevents.service.published.99999999999.0.0"), "type-malformed"),
    (changed(EVENT, type="dev.cdevents..published.0.1.0"), "type-malformed"),
    (changed(EVENT, type="dev.cdevents.service..0.1.0"), "type-malformed"),
    (changed(EVENT, type="com.example.service.published.0.1.0"), "type-malformed"),
    (changed(EVENT, type="text"), "type-malformed"),
    (changed(EVENT, type=f"dev.cdeventsx.{word(3000)}.created.0.1.0"), "type-malformed"),
    (changed(EVENT, id=...), "id-missing"),
    (changed(EVENT, id=""), "id-missing"),
    (changed(EVENT, id=12), "id-missing"),
    (changed(EVENT, source=...), "source-missing"),
    (changed(EVENT, source=""), "source-missing"),
    (changed(EVENT, source={"a": 1}), "source-missing"),
    (changed(EVENT, timestamp=...), "timestamp-missing"),
    (changed(EVENT, timestamp=None), "timestamp-missing"),
    (changed(EVENT, timestamp=1773964800), "timestamp-malformed"),
    (changed(EVENT, timestamp="yesterday"), "timestamp-malformed"),
    ({**EVENT, "subject": {"id": word(2001)}}, "subject-id-too-long"),
    ({**EVENT, "subject": {"id": "é" * 1001}}, "subject-id-too-long"),
]


@pytest.mark.parametrize(("document", "reason"), MALFORMED, ids=lambda value: str(value)[:60])
def test_what_is_no_event_goes_to_quarantine_with_its_reason(way, delivery, document, reason):
    assert outcomes(way, delivery, document, document) == ["rejected", "rejected"]

    assert rows(delivery, QUARANTINE) == [(reason, document, 2)]
    assert rows(delivery, LAKE) == []
    assert rows(delivery, "SELECT count(*)::int FROM cdviz.subject_state") == [(0,)]


def test_a_null_in_the_place_of_an_event_is_rejected_as_json_null(delivery):
    good = json.dumps(told("service.published", "shop"))

    delivery.execute("CALL cdviz.store_cdevent(NULL)")
    found = rows(delivery, "SELECT outcome FROM cdviz.store_cdevents(ARRAY[NULL, %s, NULL]::jsonb[])", good)

    assert found == [("rejected",), ("stored",), ("rejected",)]
    assert rows(delivery, QUARANTINE) == [("not-an-object", None, 3)]


def test_an_empty_batch_has_no_outcomes(delivery):
    assert by_batch(delivery) == []
    assert rows(delivery, "SELECT * FROM cdviz.store_cdevents(NULL)") == []


def test_a_batch_in_which_every_second_event_is_bad_stores_all_others_in_order(way, delivery):
    good = [told("service.published", f"shop-{n}", f"10:{n:02}") for n in range(len(MALFORMED))]
    mixed = [one for pair in zip(good, [bad for bad, _ in MALFORMED], strict=True) for one in pair]

    assert outcomes(way, delivery, *mixed) == ["stored", "rejected"] * len(MALFORMED)

    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake ORDER BY position") == [(one,) for one in good]
    assert rows(delivery, "SELECT count(*)::int FROM cdviz.subject_state") == [(len(good),)]
    assert [row[0] for row in rows(delivery, "SELECT DISTINCT reason FROM cdviz.quarantine ORDER BY 1")] == sorted(
        {reason for _, reason in MALFORMED}
    )


def test_a_timestamp_without_zone_is_taken_as_utc_and_noted_whatever_the_session(way, delivery):
    delivery.execute("SET timezone = 'America/New_York'")

    assert (
        outcomes(way, delivery, at("2026-03-20T10:00:00"), at("2026-03-31 23:30"), at("2026-03-20T10:00:00Z"))
        == ["stored"] * 3
    )

    found = rows(delivery, 'SELECT "timestamp", verdict_reasons FROM cdviz.cdevents_lake ORDER BY position')
    noted = [{"path": "/context/timestamp", "message": "no time zone: taken as UTC"}]
    assert found == [
        (datetime(2026, 3, 20, 10, tzinfo=UTC), noted),
        (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), noted),
        (datetime(2026, 3, 20, 10, tzinfo=UTC), None),
    ]


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("9999-12-31T23:59:59Z", "timestamp-in-future"),
        ("now", "timestamp-malformed"),
        ("infinity", "timestamp-malformed"),
        ("-infinity", "timestamp-malformed"),
        ("tomorrow", "timestamp-malformed"),
        ("epoch", "timestamp-malformed"),
        ("2026-02-29T10:00:00Z", "timestamp-malformed"),
        ("2026-04-31T10:00:00Z", "timestamp-malformed"),
        ("2026-13-01T10:00:00Z", "timestamp-malformed"),
        ("2026-00-10T10:00:00Z", "timestamp-malformed"),
        ("2026-03-20T10:61:00Z", "timestamp-malformed"),
        ("2026-03-20T25:00:00Z", "timestamp-malformed"),
        ("2026-03-20", "timestamp-malformed"),
        ("20260320T100000Z", "timestamp-malformed"),
        ("2026-03-20T10:00:00 BC Z", "timestamp-malformed"),
        ("0000-01-01T00:00:00Z", "timestamp-malformed"),
        ("0001-01-01T00:00:00+02:00", "timestamp-malformed"),
        ("2026-03-20T10:00:00" + "0" * 100 + "Z", "timestamp-malformed"),
    ],
)
def test_moments_that_are_none_or_far_ahead_go_to_quarantine(way, delivery, moment, reason):
    assert outcomes(way, delivery, at(moment)) == ["rejected"]
    assert [row[0] for row in rows(delivery, QUARANTINE)] == [reason]


@pytest.mark.parametrize("tolerance", [None, "2 hours", "400 days"])
def test_the_future_begins_where_the_tolerance_ends(way, delivery, tolerance):
    if tolerance:
        delivery.execute("SELECT set_config('cdviz.future_tolerance', %s, false)", [tolerance])
    end = datetime.now(UTC) + {None: timedelta(days=1), "2 hours": timedelta(hours=2)}.get(
        tolerance, timedelta(days=400)
    )
    inside, outside = (at((end + shift).isoformat()) for shift in (-timedelta(minutes=5), timedelta(minutes=5)))

    assert outcomes(way, delivery, inside, outside) == ["stored", "rejected"]
    assert rows(delivery, QUARANTINE) == [("timestamp-in-future", outside, 1)]


@pytest.mark.parametrize("subject", [{"content": {}}, {"id": "", "content": {}}, {"id": 7}, None, "text", []])
def test_without_subject_id_an_event_is_stored_marked_and_stands_nowhere_else(way, delivery, subject):
    event = {**told("service.deployed", "x", environment={"id": "prod"}, artifactId="pkg:oci/x@1"), "subject": subject}
    if isinstance(subject, dict):
        event["subject"] = {**subject, "content": {"environment": {"id": "prod"}, "artifactId": "pkg:oci/x@1"}}

    assert outcomes(way, delivery, event) == ["stored"]

    ((verdict, reasons),) = rows(delivery, "SELECT verdict, verdict_reasons FROM cdviz.cdevents_lake")
    assert (verdict, [one["path"] for one in reasons]) == ("invalid", ["/subject/id"])
    for table in ("subject_state", "edge", "service_event", "service_placement", "pending_link"):
        assert rows(delivery, f"SELECT count(*)::int FROM cdviz.{table}") == [(0,)]


@pytest.mark.parametrize(
    "odd",
    [
        {"customData": "text"},
        {"customData": 7, "customDataContentType": "application/json"},
        {"customData": None},
        {"customData": {"links": "text"}},
        {"customData": {"links": [None, 7, "x", [], {"subject": 3}, {"subject": {"id": None}}]}},
        {"links": "text"},
        {"links": {"a": 1}},
        {"links": [None, 7, "x", [], {"linkType": 4}, {"linkType": "PATH"}, {"linkType": "PATH", "from": "x"}]},
        {"links": [{"linkType": "RELATION", "linkKind": 5, "target": {"contextId": 6}}]},
        {"chainId": {"a": 1}},
        {"content": None},
        {"content": "text"},
        {"content": [1]},
        {"content": {"environment": "prod", "artifactId": {"a": 1}, "service": [], "pipelineRun": None, "change": 3}},
        {"content": {"environment": {"id": {"a": 1}}, "artifactId": 7, "outcome": {}, "pipelineName": []}},
    ],
    ids=str,
)
def test_odd_members_are_stored(way, delivery, odd):
    event = told("service.deployed", "shop", environment={"id": "prod"})
    for member, value in odd.items():
        if member == "content":
            event["subject"]["content"] = value
        elif member in {"links", "chainId"}:
            event["context"][member] = value
        else:
            event[member] = value

    assert outcomes(way, delivery, event) == ["stored"]
    assert ("service", "shop") in rows(delivery, "SELECT subject, subject_id FROM cdviz.subject_state")


def test_verdicts_and_reasons_of_a_validator_are_stored_beside_their_events(delivery):
    events = [told("service.published", f"shop-{n}") for n in range(3)] + [told("service.published", None)]
    reasons = [None, '[{"path": "/subject", "message": "no"}]', None, None]

    delivery.execute(
        "SELECT FROM cdviz.store_cdevents(%s::text[]::jsonb[], %s::text[], %s::text[]::jsonb[], 'test:here')",
        [[json.dumps(one) for one in [*events, {}]], ["valid", "invalid", "no-schema", None, None], [*reasons, None]],
    )

    found = rows(delivery, "SELECT verdict, verdict_reasons FROM cdviz.cdevents_lake ORDER BY position")
    missing = {"path": "/subject/id", "message": "missing: the event has no state and no place in the graph"}
    assert found == [
        ("valid", None),
        ("invalid", [{"path": "/subject", "message": "no"}]),
        ("no-schema", None),
        ("invalid", [missing]),
    ]
    assert rows(delivery, "SELECT origin FROM cdviz.quarantine") == [("test:here",)]


@pytest.mark.parametrize("spelling", ["on", "true", "1"])
def test_strict_mode_raises_for_duplicates_and_for_malformed_input_and_keeps_nothing(way, delivery, spelling):
    first = told("service.published", "shop", id_="one")
    delivery.execute("SELECT set_config('cdviz.strict', %s, false)", [spelling])
    way(delivery, first)

    with pytest.raises(errors.UniqueViolation):
        way(delivery, first)
    with pytest.raises(errors.UniqueViolation):
        way(delivery, told("service.published", "other", id_="one"))
    for document, _ in MALFORMED:
        with pytest.raises(errors.InvalidParameterValue):
            way(delivery, document)

    assert rows(delivery, "SELECT payload FROM cdviz.cdevents_lake") == [(first,)]
    assert rows(delivery, QUARANTINE) == []
    delivery.execute("SET cdviz.strict = off")
    assert outcomes(way, delivery, first) == ["duplicate"]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_call_stores_where_no_partition_can_be_made(delivery):
    delivery.execute("SET statement_timeout = '10s'")
    delivery.execute("SET cdviz.future_tolerance = '2 years'")
    script = """
        INSERT INTO cdevents_lake (payload, "timestamp", subject, predicate, version, context_id)
        VALUES (%s::jsonb, '2019-05-01T10:00:00Z', 'service', 'published', '[0:2]={0,2,0}', 'one')
    """
    delivery.execute(script, [json.dumps(at("2019-05-01T10:00:00Z"))])

    ahead = (datetime.now(UTC) + timedelta(days=300)).isoformat()
    by_call(delivery, at("2019-05-02T10:00:00Z"), at(ahead), at("1999-05-02T10:00:00Z"))

    assert rows(delivery, "SELECT count(*)::int FROM cdviz.cdevents_lake_default") == [(4,)]


DIGITS = st.text("0123456789", min_size=1, max_size=9)
SPELLINGS = st.tuples(
    st.datetimes(datetime(1, 1, 2), datetime(2026, 10, 31)),  # noqa: DTZ001  # spelt with a zone below
    st.sampled_from(["T", "t", " "]),
    st.one_of(st.just(""), DIGITS.map(lambda digits: "." + digits)),
    st.sampled_from(["Z", "z", "", "+00:00", "-00:00", "+02:00", "-05:30", "+14:00", "-12:00"]),
    st.sampled_from(
        [None, None, None, (":60", 16, 19), ("24:00:00", 11, 19), ("29", 8, 10), ("30", 8, 10), ("31", 8, 10)]
    ),
)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_moments_are_read_as_postgresql_reads_them_and_as_python_does(delivery):
    """PostgreSQL's own reading is the reference for every spelling; Python's for those that both know."""

    def reference(text: str) -> datetime | None:
        try:
            return rows(delivery, "SELECT (%s)::timestamptz", text)[0][0]
        except (errors.DataError, psycopg.DataError):
            return None

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(SPELLINGS)
    def hold(spelling):
        moment, between, fraction, zone, edit = spelling
        text = moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%d") + between + moment.strftime("%H:%M:%S")
        if edit:
            text = text[: edit[1]] + edit[0] + text[edit[2] :]
        text += fraction + zone

        found = rows(delivery, "SELECT cdviz.event_time(%s)", text)[0][0]

        assert found == reference(text if zone else text + "Z")
        if found and not edit and len(fraction) <= 7:
            python = datetime.fromisoformat(text.replace("z", "Z").replace("t", "T"))
            assert found == (python if zone else python.replace(tzinfo=UTC))

    delivery.execute("SET timezone = 'UTC'")
    hold()


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-20T10:00:00+02:00", "2026-03-20T08:00:00+00:00"),
        ("2026-03-20T10:00:60Z", "2026-03-20T10:01:00+00:00"),
        ("2026-03-20T24:00:00Z", "2026-03-21T00:00:00+00:00"),
        ("2024-02-29T10:00:00Z", "2024-02-29T10:00:00+00:00"),
        ("2026-02-29T10:00:00Z", None),
        ("2026-03-31t10:00:00z", "2026-03-31T10:00:00+00:00"),
        ("2026-03-20T10:00:00.123456789Z", "2026-03-20T10:00:00.123457+00:00"),
        ("2026-03-20T10:00Z", "2026-03-20T10:00:00+00:00"),
        ("2026-03-20T10:00:00+0200", "2026-03-20T08:00:00+00:00"),
        ("2026-03-20T10:00:00 now", None),
        ("2026-03-20T10:00:00 Mars/Olympus", None),
        (" 2026-03-20T10:00:00Z", None),
        ("", None),
    ],
)
def test_spellings_of_a_moment(delivery, text, moment):
    expected = moment and datetime.fromisoformat(moment)
    assert rows(delivery, "SELECT cdviz.event_time(%s)", text) == [(expected,)]
