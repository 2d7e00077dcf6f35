"""What is read off the events: the same from one call or a batch, in any order of arrival, however often they come."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from evistore.delivery.history import history
from fixtures.projecting import EDGES, batch, call, differences, empty, projections


@pytest.fixture(scope="module")
def told() -> list[str]:
    """Some days of a small platform: every kind of event with links, rollbacks and what nobody finished."""
    return list(history(seed=3, services=4, days=6, until=datetime(2026, 6, 1, tzinfo=UTC)))


def test_one_call_per_event_leaves_what_a_batch_leaves(delivery, told):
    call(delivery, told)
    one_by_one = projections(delivery)
    empty(delivery)
    assert set(batch(delivery, told)) == {"stored"}

    assert differences(one_by_one, projections(delivery)) == {}
    assert len(one_by_one["states"]) > 100
    assert len(one_by_one["edges"]) > 100


def test_order_of_arrival_and_repetition_change_nothing(delivery, told):
    batch(delivery, told)
    ordered = projections(delivery)
    for seed in range(3):
        chance = random.Random(seed)
        again = told + chance.sample(told, 100)
        chance.shuffle(again)
        empty(delivery)
        for part in (
            itertools.batched(again, 97)
            if hasattr(itertools, "batched")
            else [again[i : i + 97] for i in range(0, len(again), 97)]
        ):
            batch(delivery, list(part))

        assert differences(ordered, projections(delivery)) == {}


MOMENTS = st.integers(0, 4).map(lambda n: f"2026-03-01T10:00:0{n}Z")
SUBJECTS = st.sampled_from(
    [
        (kind, predicate)
        for kind, predicates in {
            "pipelinerun": ["queued", "started", "finished"],
            "service": ["deployed", "upgraded", "rolledback", "removed"],
            "artifact": ["packaged", "published"],
            "incident": ["detected", "resolved"],
            "probe-thing": ["seen", "lost"],
        }.items()
        for predicate in predicates
    ]
)


@st.composite
def small_events(draw):
    """A handful of events of few subjects at few moments, so that ties and meetings are the rule."""
    events = []
    for number in range(draw(st.integers(2, 9))):
        kind, predicate = draw(SUBJECTS)
        content = {}
        if draw(st.booleans()):
            content["environment"] = {"id": draw(st.sampled_from(["dev", "prod"]))}
        if kind != "artifact" and draw(st.booleans()):
            content["artifactId"] = draw(st.sampled_from(["pkg:oci/a@sha256%3A1", "pkg:oci/a@sha256%3A2", "plain"]))
        if predicate == "finished" and draw(st.booleans()):
            content["outcome"] = draw(st.sampled_from(["success", "failure"]))
        if draw(st.booleans()):
            content["pipelineName"] = draw(st.sampled_from(["x", "y"]))
        context = {
            "id": f"e{number}",
            "source": "s",
            "timestamp": draw(MOMENTS),
            "version": "0.4.1",
            "type": f"dev.cdevents{'x' if '-' in kind else ''}.{kind}.{predicate}.0.1.0",
        }
        if draw(st.booleans()):
            context["chainId"] = draw(st.sampled_from(["c1", "c2"]))
        if draw(st.booleans()):
            context["links"] = [
                {
                    "linkType": draw(st.sampled_from(["PATH", "END"])),
                    "from": {"contextId": f"e{draw(st.integers(0, 9))}"},
                }
            ]
        subject_id = (
            draw(st.sampled_from(["one", "two"]))
            if kind != "artifact"
            else draw(st.sampled_from(["pkg:oci/a@sha256%3A1", "plain"]))
        )
        event = {"context": context, "subject": {"id": subject_id, "type": kind, "content": content}}
        if draw(st.booleans()):
            named = {
                "id": draw(st.sampled_from(["one", "two"])),
                **draw(st.sampled_from([{}, {"type": "service"}, {"type": "ticket"}])),
            }
            event["customData"] = {
                "links": [
                    draw(
                        st.sampled_from(
                            [{"linkkind": "trigger", "subject": named}, {"linkKind": "x", "target": {"subject": named}}]
                        )
                    )
                ]
            }
        events.append(json.dumps(event))
    return events


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_few_subjects_and_equal_moments_fold_alike_in_every_way(delivery):
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(small_events(), st.randoms(use_true_random=False), st.integers(1, 4))
    def hold(events, chance, size):
        empty(delivery)
        batch(delivery, events)
        together = projections(delivery)
        shuffled = chance.sample(events, len(events))
        for way in (
            lambda: call(delivery, shuffled),
            lambda: [batch(delivery, shuffled[i : i + size]) for i in range(0, len(shuffled), size)],
            lambda: batch(delivery, shuffled + events),
        ):
            empty(delivery)
            way()
            assert differences(together, projections(delivery)) == {}

    hold()


def test_late_links_find_their_event_and_links_to_nothing_wait(delivery):
    def event(number: str, subject: str, **context):
        return {
            "context": {
                "id": number,
                "source": "s",
                "type": "dev.cdevents.taskrun.started.0.2.0",
                "timestamp": "2026-03-01T10:00:00Z",
                "version": "0.4.1",
                **context,
            },
            "subject": {"id": subject, "type": "taskRun", "content": {}},
        }

    path = [{"linkType": "PATH", "from": {"contextId": "AAAAAAAA-0000-4000-8000-000000000001"}}]
    delivery.execute("CALL cdviz.store_cdevent(%s)", (Jsonb(event("later", "second", links=path)),))
    assert delivery.execute("SELECT count(*) FROM cdviz.edge").fetchone() == (0,)
    assert delivery.execute("SELECT count(*) FROM cdviz.pending_link").fetchone() == (1,)

    delivery.execute("CALL cdviz.store_cdevent(%s)", (Jsonb(event("aaaaaaaa-0000-4000-8000-000000000001", "first")),))

    assert [row[:5] for row in delivery.execute(EDGES).fetchall()] == [
        ("taskrun", "second", "causedBy", "taskrun", "first")
    ]
    assert delivery.execute("SELECT count(*) FROM cdviz.pending_link").fetchone() == (0,)
