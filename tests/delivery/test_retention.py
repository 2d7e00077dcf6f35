"""Retention takes what a dry run says, keeps what is current, and never what is held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evistore.delivery.maintenance import maintain
from fixtures.cdevents import NOW, event, projections, store, table

DAY = timedelta(days=1)
OLD = NOW - 460 * DAY
"""Beyond thirteen months."""
IMAGE = "pkg:oci/shop@sha256:1"


def lake(connection):
    return dict(table(connection, "SELECT subject, count(*) FROM cdviz.cdevents_lake GROUP BY 1"))


def subjects(connection):
    return {(row[0]["subject"], row[0]["subject_id"]) for row in projections(connection)["states"]}


def test_what_a_dry_run_tells_is_what_happens(delivery, delivery_url):
    old = [event("pipelinerun.finished", f"old-{n}", OLD - n * DAY) for n in range(30)]
    new = [event("pipelinerun.finished", f"new-{n}", NOW - n * DAY) for n in range(30)]
    store(delivery, *old, *new, *[event("taskrun.finished", f"task-{n}", OLD) for n in range(3)])

    foreseen = maintain(delivery_url, now=NOW, dry_run=True)
    assert foreseen.retired == {"pipelinerun": 30, "taskrun": 3}
    assert lake(delivery) == {"pipelinerun": 60, "taskrun": 3}

    assert maintain(delivery_url, now=NOW).retired == foreseen.retired
    assert lake(delivery) == {"pipelinerun": 30}
    assert subjects(delivery) == {("pipelinerun", f"new-{n}") for n in range(30)}
    assert maintain(delivery_url, now=NOW, dry_run=True).retired == {}
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(63,)]


def test_each_kind_of_subject_may_have_its_own_time(delivery, delivery_url):
    delivery.execute("INSERT INTO cdviz.retention_policy VALUES ('incident', NULL), ('taskrun', '30 days')")
    kinds = ["incident.detected", "taskrun.started", "pipelinerun.started"]
    store(delivery, *[event(kind, f"{kind}-{days}", NOW - days * DAY) for kind in kinds for days in (5, 60, 460)])

    foreseen = maintain(delivery_url, now=NOW, dry_run=True).retired
    assert foreseen == {"taskrun": 2, "pipelinerun": 1}
    assert maintain(delivery_url, now=NOW).retired == foreseen
    assert lake(delivery) == {"incident": 3, "taskrun": 1, "pipelinerun": 2}
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(9,)]


def test_a_legal_hold_keeps_the_events_of_its_subject_and_what_was_read_off_them(delivery, delivery_url):
    store(
        delivery,
        event("pipelinerun.started", "held", OLD),
        event("pipelinerun.finished", "held", OLD + DAY, outcome="failure"),
        event("pipelinerun.finished", "other", OLD),
    )
    delivery.execute(
        "INSERT INTO cdviz.legal_hold (subject, subject_id, reason) VALUES ('pipelinerun', 'held', 'audit')"
    )

    assert table(delivery, "SELECT subject, events, held FROM cdviz.retention_preview(%s)", NOW) == [
        ("pipelinerun", 1, 2)
    ]
    maintain(delivery_url, now=NOW)
    assert lake(delivery) == {"pipelinerun": 2}
    assert subjects(delivery) == {("pipelinerun", "held")}

    delivery.execute("DELETE FROM cdviz.legal_hold")
    maintain(delivery_url, now=NOW)
    assert lake(delivery) == {}
    assert subjects(delivery) == set()


def test_what_is_current_outlives_its_evidence_with_its_payload(delivery, delivery_url):
    running = event("service.deployed", "shop", OLD, environment="prod", artifact=IMAGE)
    store(
        delivery,
        event("artifact.published", IMAGE, OLD - DAY),
        event("environment.created", "prod", OLD - 5 * DAY, name="production"),
        running,
        event("service.deployed", "gone", OLD, environment="prod", artifact="pkg:oci/gone@sha256:2"),
        event("service.removed", "gone", OLD + DAY, environment="prod"),
        event("incident.detected", "open", OLD),
        event("incident.detected", "closed", OLD),
        event("incident.resolved", "closed", OLD + DAY),
        event("ticket.created", "T-1", OLD),
        event("repository.created", "repo", OLD),
        event("environment.created", "torn-down", OLD),
        event("environment.deleted", "torn-down", OLD + DAY),
    )
    maintain(delivery_url, now=NOW)

    assert lake(delivery) == {}
    assert subjects(delivery) == {
        ("service", "shop"),
        ("environment", "prod"),
        ("artifact", IMAGE),
        ("incident", "open"),
        ("ticket", "T-1"),
        ("repository", "repo"),
    }
    assert projections(delivery)["placements"] == [("shop", "prod", OLD, "deployed", IMAGE)]
    assert {edge[:5] for edge in projections(delivery)["edges"]} == {
        ("service", "shop", "deployedTo", "environment", "prod"),
        ("service", "shop", "deployedWith", "artifact", IMAGE),
    }
    assert table(delivery, "SELECT last_payload FROM cdviz.service") == [(running,)]
    assert table(delivery, "SELECT count(*) FROM cdviz.subject_state WHERE last_payload IS NULL") == [(0,)]


def test_a_subject_that_newer_evidence_names_stays_with_its_payload(delivery, delivery_url):
    published = event("artifact.published", IMAGE, OLD)
    store(
        delivery,
        published,
        event("service.deployed", "shop", NOW - 9 * DAY, environment="prod", artifact=IMAGE),
        event("service.removed", "shop", NOW - 8 * DAY, environment="prod"),
    )
    maintain(delivery_url, now=NOW)

    assert table(delivery, "SELECT subject_id, last_payload FROM cdviz.artifact") == [(IMAGE, published)]
    maintain(delivery_url, now=NOW + 460 * DAY)
    assert subjects(delivery) == set()
    assert projections(delivery) == {"states": [], "edges": [], "placements": [], "service_events": [], "pending": []}


def test_links_that_wait_for_an_event_go_with_theirs(delivery, delivery_url):
    link = [{"linkType": "END", "from": {"contextId": "never-seen"}}]
    store(delivery, event("taskrun.finished", "t", OLD, links=link), event("taskrun.finished", "u", NOW, links=link))
    assert len(projections(delivery)["pending"]) == 2
    maintain(delivery_url, now=NOW)
    assert [row[2] for row in projections(delivery)["pending"]] == ["u"]


def test_an_event_is_known_until_its_identity_is_forgotten(delivery, delivery_url):
    one = event("taskrun.finished", "t", OLD)
    store(delivery, one)
    assert maintain(delivery_url, now=NOW).identities_pruned == 0
    assert lake(delivery) == {}
    assert store(delivery, one) == ["duplicate"]

    assert maintain(delivery_url, now=NOW + 400 * DAY).identities_pruned == 1
    assert store(delivery, one) == ["stored"]


def test_identities_are_never_forgotten_before_their_events(delivery, delivery_url):
    delivery.execute("UPDATE cdviz.retention_policy SET keep = NULL")
    one = event("taskrun.finished", "t", NOW - 3000 * DAY)
    store(delivery, one)
    assert maintain(delivery_url, now=NOW).identities_pruned == 0
    assert store(delivery, one) == ["duplicate"]


def test_a_message_in_quarantine_goes_some_time_after_it_was_settled(delivery, delivery_url):
    for name in ("open", "dropped", "replayed"):
        delivery.execute("SELECT evistore.set_aside('clusters', 'odd', 'odd', 'test', NULL, %s)", [name.encode()])
    for state, days in (("dropped", 100), ("replayed", 80)):
        delivery.execute(
            "UPDATE evistore.quarantine SET state = %s, settled_at = %s WHERE raw = %s",
            [state, NOW - days * DAY, state.encode()],
        )
    assert maintain(delivery_url, now=NOW).quarantine_pruned == 1
    assert table(delivery, "SELECT state FROM evistore.quarantine ORDER BY 1") == [("open",), ("replayed",)]


def test_a_late_event_does_not_bring_back_what_is_over(delivery, delivery_url):
    store(
        delivery,
        event("service.deployed", "shop", OLD, environment="prod", artifact=IMAGE, key="first"),
        event("service.removed", "shop", OLD + DAY, environment="prod"),
    )
    maintain(delivery_url, now=NOW)
    again = event("service.deployed", "shop", OLD, environment="prod", artifact=IMAGE, key="first")
    assert store(delivery, again) == ["duplicate"]
    assert subjects(delivery) == set()


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_retention_reaches_into_compressed_chunks(delivery, delivery_url):
    delivery.execute("INSERT INTO cdviz.retention_policy VALUES ('taskrun', '30 days')")
    events = [
        event(f"{kind}.finished", f"{kind}-{n}", NOW - 60 * DAY) for kind in ("taskrun", "build") for n in range(50)
    ]
    store(delivery, *events)
    delivery.execute("SELECT compress_chunk(c) FROM show_chunks('cdviz.cdevents_lake') AS c")
    assert maintain(delivery_url, now=NOW).retired == {"taskrun": 50}
    assert lake(delivery) == {"build": 50}


def test_the_procedure_does_what_maintenance_does(delivery):
    store(delivery, event("taskrun.finished", "t", OLD), event("taskrun.finished", "u", NOW))
    delivery.execute("SET ROLE cdviz")
    delivery.execute("CALL cdviz.apply_retention(%s::timestamptz)", [NOW])
    delivery.execute("RESET ROLE")
    assert subjects(delivery) == {("taskrun", "u")}
    assert lake(delivery) == {"taskrun": 1}
