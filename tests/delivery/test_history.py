"""The generated history: the same story for the same seed, true to the specification, and told in passing."""

from __future__ import annotations

import re
import tracemalloc
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import orjson
import pytest

from evistore.delivery.history import EVENTS_PER_SERVICE_AND_WEEK, batches, history
from evistore.delivery.validation import judge
from fixtures.official import accepts, schema_path

UNTIL = datetime(2026, 6, 3, 15, tzinfo=UTC)
BUILD_TO_LIVE = {"build.started", "build.finished", "artifact.published"}


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """Forty services over sixty days."""
    return [orjson.loads(text) for text in history(services=40, until=UNTIL)]


def kind(event: dict[str, Any]) -> str:
    return ".".join(event["context"]["type"].split(".")[2:4])


def moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["context"]["timestamp"])


def spec(event: dict[str, Any]) -> str:
    context = event["context"]
    return context.get("specversion") or context["version"]


def causes(event: dict[str, Any]) -> list[str]:
    links = event["context"].get("links", [])
    return [link["from"]["contextId"] for link in links if link["linkType"] in {"PATH", "END"}]


def official(event: dict[str, Any]) -> bool:
    custom = event["context"]["type"].startswith("dev.cdeventsx.")
    path = f"schemas/{spec(event)}/custom/schema.json" if custom else schema_path(event["context"]["type"], spec(event))
    return accepts(path, event)


def test_the_same_seed_tells_the_same_history():
    first, again = (list(history(seed=3, services=10, days=10, until=UNTIL)) for _ in range(2))

    assert len(first) > 500
    assert first == again


def test_two_seeds_tell_two_histories_without_a_common_id():
    ids = [
        {orjson.loads(text)["context"]["id"] for text in history(seed=seed, services=10, days=10, until=UNTIL)}
        for seed in (1, 2)
    ]

    assert ids[0] != ids[1]
    assert not ids[0] & ids[1]


def test_events_come_in_order_of_time_and_before_the_end(told):
    moments = [moment(event) for event in told]

    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert UNTIL - timedelta(days=60, hours=1) <= moments[0]
    assert UNTIL - timedelta(days=1) < moments[-1] < UNTIL


def test_ids_are_distinct_uuids(told):
    ids = [event["context"]["id"] for event in told]

    assert len(set(ids)) == len(ids)
    assert all(str(uuid.UUID(key)) == key and uuid.UUID(key).version == 4 for key in ids)


def test_one_or_two_in_a_hundred_events_are_flawed_and_all_others_are_what_the_schemas_ask(told):
    flawed = [event for event in told if not official(event)]

    assert 0.005 <= len(flawed) / len(told) <= 0.02
    assert all(null_or_empty(event["subject"]["content"]) for event in flawed)
    assert not any(official(event) for event in told if null_or_empty(event["subject"]["content"]))


def test_the_projects_own_rules_take_the_same_events_as_the_schemas(told):
    for event in told:
        expected = "invalid" if null_or_empty(event["subject"]["content"]) else "valid"
        assert judge(event).state == expected


def null_or_empty(content: dict[str, Any]) -> bool:
    return None in content.values() or content.get("artifactId") == ""


def test_the_released_versions_in_use_and_the_draft_are_spoken(told):
    shares = {version: count / len(told) for version, count in Counter(map(spec, told)).items()}

    assert shares.keys() == {"0.3.0", "0.4.1", "0.5.1", "0.6.0-draft"}
    assert shares["0.4.1"] > 0.25
    assert shares["0.5.1"] > 0.25
    assert shares["0.3.0"] > 0.02
    assert 0 < shares["0.6.0-draft"] < 0.01


def test_most_deployments_go_back_by_links_to_a_build_an_artifact_and_a_merge(told):
    events = {event["context"]["id"]: event for event in told}
    deployments = [event for event in told if kind(event) in {"service.deployed", "service.upgraded"}]
    explained = [event for event in deployments if ancestors(event, events) >= BUILD_TO_LIVE | {"change.merged"}]

    assert len(deployments) > 1000
    assert len(explained) / len(deployments) > 0.7


def ancestors(event: dict[str, Any], events: dict[str, dict[str, Any]]) -> set[str]:
    kinds: set[str] = set()
    waiting = causes(event)
    while waiting:
        cause = events[waiting.pop()]
        assert moment(cause) <= moment(event)
        kinds.add(kind(cause))
        waiting += causes(cause)
    return kinds


def test_a_link_names_an_event_told_before_in_the_same_chain(told):
    before: dict[str, str | None] = {}
    for event in told:
        chain = event["context"].get("chainId")
        for cause in causes(event):
            assert before[cause] in {chain, None}
        before[event["context"]["id"]] = chain


def test_a_service_is_deployed_first_then_upgraded_and_rolled_back_to_what_ran_before(told):
    ran: dict[tuple[str, str], list[str]] = defaultdict(list)
    rolled_back = 0
    for event in told:
        if not kind(event).startswith("service."):
            continue
        content = event["subject"]["content"]
        here = ran[event["subject"]["id"], content["environment"]["id"]]
        match kind(event).split(".")[1]:
            case "deployed":
                assert not here
                here.append(content["artifactId"])
            case "upgraded":
                assert here
                here.append(content["artifactId"])
            case "rolledback":
                assert content["artifactId"] == here[-2] or here[-2] == ""
                here.append(content["artifactId"])
                rolled_back += 1
            case "removed":
                assert here
                here.clear()
    assert rolled_back > 5
    assert {environment for _, environment in ran} == {"dev", "staging", "prod-eu", "prod-us"}


def test_incidents_follow_from_deployments_and_most_are_resolved(told):
    events = {event["context"]["id"]: event for event in told}
    detected = [event for event in told if kind(event) == "incident.detected"]
    blamed = [events[cause] for event in detected for cause in causes(event)]

    assert blamed
    assert {kind(event) for event in blamed} <= {"service.upgraded", "service.deployed"}
    assert sum(kind(event) == "incident.resolved" for event in told) >= len(detected) * 0.8


def test_no_image_is_deleted_that_still_runs_somewhere(told):
    running: dict[tuple[str, str], str] = {}
    deleted = 0
    for event in told:
        content = event["subject"]["content"]
        if kind(event).startswith("service."):
            running[event["subject"]["id"], content["environment"]["id"]] = content.get("artifactId", "")
        elif kind(event) == "artifact.deleted":
            deleted += 1
            assert event["subject"]["id"] not in running.values()
    assert deleted > 5


def test_a_few_runs_start_and_are_never_heard_of_again(told):
    started = {event["subject"]["id"] for event in told if kind(event) == "pipelinerun.started"}
    finished = {event["subject"]["id"] for event in told if kind(event) == "pipelinerun.finished"}

    assert finished <= started
    assert 0 < len(started - finished) < len(started) / 20


def test_one_source_falls_silent_long_before_the_end(told):
    last = {event["context"]["source"]: moment(event) for event in told}
    often = {source for source, count in Counter(event["context"]["source"] for event in told).items() if count > 100}
    silent = [source for source in often if last[source] < UNTIL - timedelta(days=15)]

    assert silent == ["https://scanner.example.com/nightly"]


def test_a_test_that_fails_is_run_again_and_passes_where_it_is_flaky(told):
    outcomes = defaultdict(set)
    for event in told:
        if kind(event) == "testcaserun.finished":
            run = event["subject"]["id"].removesuffix("-again")
            outcomes[run].add(event["subject"]["content"]["outcome"])

    assert any(len(seen) == 2 for seen in outcomes.values())


def test_people_work_by_day_and_on_weekdays(told):
    opened = [moment(event) for event in told if kind(event) == "change.created"]
    night = [at for at in opened if at.hour < 5]
    weekend = [at for at in opened if at.weekday() > 4]

    assert len(night) < len(opened) * 0.05
    assert len(weekend) < len(opened) * 0.06


def test_no_host_outside_the_example_domains_is_named(told):
    hosts = set(re.findall(r"//([^/\"]+)", orjson.dumps(told).decode()))

    assert len(hosts) > 8
    assert [host for host in hosts if not re.search(r"\.example\.(com|org)$", host)] == []


def test_the_default_history_has_the_size_a_demo_wants():
    sizes = [len(text) for text in history(until=UNTIL)]

    assert 120_000 <= len(sizes) <= 170_000
    assert 450 <= sum(sizes) / len(sizes) <= 650


@pytest.mark.parametrize(("events", "services"), [(1, 200), (1_000, 200), (30_000, 200), (100_000, 20)])
def test_so_many_events_come_as_are_asked_for_and_end_shortly_before_the_end(events, services):
    texts = list(history(until=UNTIL, events=events, services=services))

    assert len(texts) == events
    assert UNTIL - timedelta(days=6) < moment(orjson.loads(texts[-1])) < UNTIL


def test_a_week_holds_as_many_events_in_a_long_history_as_in_a_short_one():
    rates = []
    for events in (60_000, 240_000):
        texts = history(until=UNTIL, events=events, services=100)
        first = last = next(texts)
        for last in texts:  # noqa: B007
            pass
        weeks = (moment(orjson.loads(last)) - moment(orjson.loads(first))) / timedelta(weeks=1)
        rates.append(events / weeks / 100)

    assert rates == pytest.approx([EVENTS_PER_SERVICE_AND_WEEK] * 2, rel=0.06)


def test_a_long_history_needs_no_more_memory_than_a_short_one():
    peaks = []
    for events in (20_000, 100_000):
        tracemalloc.start()
        for _ in history(until=UNTIL, events=events):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 20_000_000
    assert peaks[1] < peaks[0] * 1.6


def test_batches_hold_all_texts_in_order():
    texts = list(islice(history(until=UNTIL, services=3), 25))

    assert [len(batch) for batch in batches(texts, 10)] == [10, 10, 5]
    assert [text for batch in batches(texts, 10) for text in batch] == texts
