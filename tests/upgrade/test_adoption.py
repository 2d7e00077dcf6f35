"""A database of CDviz is taken over in place: no event lost, everything rebuilt, again and again if need be."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.adoption import adopt, carry
from evistore.delivery.projections import rebuild
from evistore.kernel.errors import Misconfigured
from evistore.kernel.migrations import migrate
from fixtures import cdviz
from fixtures.cdevents import NOW, event, insert, projections, store, table
from fixtures.databases import template

DAY = timedelta(days=1)
LINK = [{"linkType": "END", "from": {"contextId": "change-7"}}]
EVENTS = [
    *[event("pipelinerun.started", f"run-{n}", NOW - n * DAY, key=f"start-{n}", links=LINK) for n in range(30)],
    *[
        event("pipelinerun.finished", f"run-{n}", NOW - n * DAY + DAY / 24, key=f"end-{n}", outcome="success")
        for n in range(30)
    ],
    *[
        event(
            "service.deployed", "shop", NOW - n * DAY, key=f"dep-{n}", environment="prod", artifact=f"pkg:oci/shop@{n}"
        )
        for n in range(30)
    ],
    event("change.merged", "change-7", NOW - 40 * DAY, key="change-7"),
]
TROUBLE = [
    event("service.deployed", "shop", NOW - 100 * DAY, key="twice", environment="prod"),
    event("service.deployed", "shop", NOW - 99 * DAY, key="twice", environment="prod"),
    event("service.removed", "shop", NOW - 2.5 * DAY, key="dep-3", environment="test"),
]
ENGINES = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)


@pytest.fixture
def old_url(engine, engine_url):
    cdviz.build(engine_url, EVENTS + TROUBLE, hypertable=engine.kind == "timescale")
    return engine_url


def lake(url):
    with psycopg.connect(url) as connection:
        return table(
            connection,
            """SELECT "timestamp", payload, subject, predicate, version::text, context_id FROM cdviz.cdevents_lake
                ORDER BY "timestamp", context_id""",
        )


@ENGINES
def test_every_event_is_carried_over_or_set_aside(engine, old_url):
    before = lake(old_url)
    report = migrate(old_url, CONTEXTS, adopt=adopt)
    assert report.engine == engine.kind
    assert report.adopted != []
    carried = carry(old_url)

    assert (carried.moved, carried.set_aside) == (len(EVENTS) + 1, 2)
    with psycopg.connect(old_url, autocommit=True) as connection:
        aside = table(connection, "SELECT payload FROM evistore.quarantine ORDER BY id")
        assert sorted(
            [row[1]["context"]["id"] for row in lake(old_url)] + [row[0]["context"]["id"] for row in aside]
        ) == sorted(row[1]["context"]["id"] for row in before)
        assert table(connection, "SELECT reason FROM evistore.quarantine ORDER BY reason") == [
            ("conflict",),
            ("conflict",),
        ]
        assert table(connection, "SELECT count(*) FROM cdviz.event_identity") == [(carried.moved,)]
        assert table(
            connection,
            """SELECT bool_and(position > before) FROM (
                    SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY "timestamp", position) AS before FROM cdviz.cdevents_lake
               ) AS l""",
        ) == [(True,)]


@ENGINES
def test_what_was_adopted_equals_what_was_stored_anew(engine, old_url):
    migrate(old_url, CONTEXTS, adopt=adopt)
    carry(old_url)
    fresh = engine.fresh_database(template(engine))
    migrate(fresh, CONTEXTS)
    with psycopg.connect(fresh, autocommit=True) as one, psycopg.connect(old_url, autocommit=True) as other:
        for n in range(0, len(EVENTS), 20):
            store(one, *EVENTS[n : n + 20])
        store(one, TROUBLE[0])
        store(one, *[event("service.deployed", "later", NOW, key="later")])
        assert store(other, event("service.deployed", "later", NOW, key="later"), EVENTS[0]) == ["stored", "duplicate"]
        assert projections(other) == projections(one)
    engine.discard(fresh)


@ENGINES
def test_migrating_again_changes_nothing(old_url):
    migrate(old_url, CONTEXTS, adopt=adopt)
    carry(old_url)
    again = migrate(old_url, CONTEXTS, adopt=adopt)
    assert not again.changed
    assert carry(old_url) is None


@ENGINES
def test_interrupted_carrying_goes_on_while_new_events_come(old_url, monkeypatch):
    monkeypatch.setitem(
        carry.__globals__["SQL"], "window", carry.__globals__["SQL"]["window"].replace("OFFSET 10000", "OFFSET 9")
    )
    migrate(old_url, CONTEXTS, adopt=adopt)

    class Killed(Exception):  # noqa: N818
        pass

    def die(done, total):
        assert done <= total
        raise Killed

    rounds = 0
    with psycopg.connect(old_url, autocommit=True) as connection:
        while True:
            insert(connection, event("service.deployed", f"new-{rounds}", NOW, environment="prod"))
            try:
                carried = carry(old_url, progress=die)
            except Killed:
                rounds += 1
                migrate(old_url, CONTEXTS, adopt=adopt)
                continue
            break
        assert rounds >= 9
        assert carried.moved == len(EVENTS) + 1
        assert table(connection, "SELECT count(*), count(DISTINCT position) FROM cdviz.cdevents_lake") == [
            (len(EVENTS) + 1 + rounds + 1,) * 2
        ]
        assert table(connection, "SELECT count(*) FROM cdviz.service WHERE subject_id LIKE 'new-%'") == [(rounds + 1,)]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE public.schema_migrations SET version = 202501010000", "adoption-version"),
        ("UPDATE public.schema_migrations SET dirty = true", "adoption-dirty"),
        ("DROP TABLE public.schema_migrations", "adoption-version"),
        ("ALTER TABLE cdviz.cdevents_lake ADD tenant text", "adoption-columns"),
        ("CREATE VIEW public.mine AS SELECT * FROM cdviz.pipelinerun", "adoption-views"),
    ],
)
def test_what_is_not_known_is_refused_and_left_as_it_was(old_url, damage, code):
    with psycopg.connect(old_url, autocommit=True) as connection:
        connection.execute(damage)
    before = lake(old_url)
    with pytest.raises(Misconfigured) as refusal:
        migrate(old_url, CONTEXTS, adopt=adopt)
    assert refusal.value.code == code
    assert lake(old_url) == before


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_grants_by_name_are_kept_and_everybody_loses_theirs(old_url):
    with psycopg.connect(old_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS adopted_grafana")
        connection.execute("CREATE ROLE adopted_grafana LOGIN")
        connection.execute("GRANT SELECT ON cdviz.cdevents_lake, cdviz.pipelinerun TO adopted_grafana")
        connection.execute("GRANT EXECUTE ON PROCEDURE cdviz.store_cdevent(jsonb) TO adopted_grafana")
        connection.execute("GRANT SELECT ON cdviz.service TO public")
        migrate(old_url, CONTEXTS, adopt=adopt)
        carry(old_url)
        names = ["cdevents_lake", "pipelinerun", "service"]
        found = [
            table(connection, "SELECT has_table_privilege('adopted_grafana', %s, 'SELECT')", f"cdviz.{n}")[0][0]
            for n in names
        ]
        assert found == [True, True, False]
        assert table(
            connection, "SELECT has_function_privilege('adopted_grafana', 'cdviz.store_cdevent(jsonb)', 'EXECUTE')"
        ) == [(True,)]
        connection.execute("DROP OWNED BY adopted_grafana")
        connection.execute("DROP ROLE adopted_grafana")


@pytest.mark.parametrize("engine", ["native", "timescale"], indirect=True)
def test_projections_made_anew_are_those_that_grew(delivery, delivery_url):
    store(delivery, *EVENTS[:50])
    for one in EVENTS[50:]:
        store(delivery, one)
    grown = projections(delivery)
    delivery.execute("DELETE FROM cdviz.edge WHERE relation = 'deployedTo'")
    delivery.execute("UPDATE cdviz.subject_state SET outcome = 'wrong', first_seen_at = '1999-01-01'")
    told = []
    assert rebuild(delivery_url, progress=told.append) == len(EVENTS)
    assert projections(delivery) == grown
    assert sum(told) == len(EVENTS)
