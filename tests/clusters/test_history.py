"""The generated fleet: the same story for the same seed, in order, with what a fleet goes through."""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import orjson
import pytest

from evistore.clusters.history import Message, Story, bench_messages
from evistore.clusters.history.rules import RULES
from evistore.clusters.wire import Faulty, Report, Skipped, Workloads, report_of, workloads_of

UNTIL = datetime(2026, 6, 3, 15, tzinfo=UTC)
BEGIN = UNTIL - timedelta(days=60)


@pytest.fixture(scope="module")
def story() -> Story:
    """The fleet of the demo."""
    return Story(until=UNTIL)


@pytest.fixture(scope="module")
def messages(story) -> list[Message]:
    """All that it sends."""
    return list(story.messages())


@pytest.fixture(scope="module")
def read(messages) -> list[Report | Workloads | Skipped | Faulty]:
    """What the messages turn out to be."""
    return [(report_of if one.kind == "report" else workloads_of)(one.raw) for one in messages]


@pytest.fixture(scope="module")
def reports(read) -> dict[str, list[Report]]:
    """The reports of each cluster in the order of their checks, each once."""
    found: dict[str, dict[datetime, Report]] = defaultdict(dict)
    for one in read:
        if isinstance(one, Report):
            found[one.envelope.cluster][one.envelope.last_checked_at] = one
    return {cluster: [told[at] for at in sorted(told)] for cluster, told in found.items()}


def version(report: Report) -> tuple[int, ...]:
    return tuple(map(int, report.version_info.split(".")))


def keys(report: Report) -> set[str]:
    return {hit.error_key for hit in report.hits}


def test_the_same_seed_tells_the_same_story():
    first, again, other = (list(Story(until=UNTIL, seed=seed, clusters=12, days=9).messages()) for seed in (3, 3, 4))

    assert len(first) > 100
    assert first == again
    assert first != other


def test_people_say_the_same_after_the_same_story():
    said = []
    for _ in range(2):
        story = Story(until=UNTIL, seed=3, clusters=60, days=9)
        Counter(story.messages())
        said.append(list(story.voices()))

    assert said[0] == said[1]
    assert {voice.verb for voice in said[0]} >= {"disable", "explain", "vote", "acknowledge", "rate"}


def test_messages_come_in_order_of_time_and_before_the_end(messages):
    moments = [one.at for one in messages]

    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert moments[0] >= BEGIN.timestamp() * 1000
    assert moments[-1] <= UNTIL.timestamp() * 1000 + 1000


def test_the_fleet_has_the_size_a_demo_wants(messages, reports, read):
    sizes = [len(one.raw) for one in messages if one.kind == "report"]
    workloads = {one.envelope.cluster for one in read if isinstance(one, Workloads)}
    organizations = {report.envelope.org_id for told in reports.values() for report in told}

    assert 15_000 <= len(messages) <= 25_000
    assert 5_000 <= sum(sizes) / len(sizes) <= 10_000
    assert len(reports) == 300
    assert len(organizations) == 12
    assert len(workloads) == pytest.approx(100, abs=2)


def test_a_report_has_some_five_hits_and_never_one_twice(reports):
    counts = [len(report.hits) for told in reports.values() for report in told]

    assert 4 <= sum(counts) / len(counts) <= 6.5
    assert 0 in counts
    assert all(len(keys(report)) == len(report.hits) for told in reports.values() for report in told)


def test_a_few_messages_are_faulty_late_or_repeated(messages, read):
    faulty = [one for one in read if isinstance(one, Faulty)]
    newest: dict[str, datetime] = {}
    outcomes = Counter[str]()
    for one in read:
        if isinstance(one, Report):
            cluster, at = one.envelope.cluster, one.envelope.last_checked_at
            outcomes["late" if at < newest.get(cluster, at) else "again" if at == newest.get(cluster) else "new"] += 1
            newest[cluster] = max(at, newest.get(cluster, at))

    assert 0.001 < len(faulty) / len(messages) < 0.01
    assert len({fault.code for one in faulty for fault in one.faults}) >= 5
    assert any(len(one.faults) > 2 for one in faulty)
    assert any(isinstance(one, Skipped) for one in read)
    assert 0 < outcomes["late"] < outcomes["new"] * 0.01
    assert 0 < outcomes["again"] < outcomes["new"] * 0.02


def test_versions_only_rise_and_most_clusters_are_upgraded(reports):
    upgraded = 0
    for told in reports.values():
        assert all(version(earlier) <= version(later) for earlier, later in pairwise(told))
        upgraded += version(told[0]) < version(told[-1])

    assert len(reports) * 0.5 < upgraded < len(reports)


def test_upgrades_end_troubles_and_bring_others(reports):
    by_key = {rule.key: rule for rule in RULES}
    ended = brought = 0
    for told in reports.values():
        for earlier, later in pairwise(told):
            if version(earlier) < version(later):
                ended += sum(by_key[key].fixed <= version(later)[1:] for key in keys(earlier) - keys(later))
                brought += sum(by_key[key].since > version(earlier)[1:] for key in keys(later) - keys(earlier))
            assert all(by_key[key].since <= version(later)[1:] < by_key[key].fixed for key in keys(later))

    assert ended > 20
    assert brought > 20


def test_hits_come_are_resolved_and_come_again(reports):
    episodes: dict[tuple[str, str], int] = Counter()
    resolved = 0
    for cluster, told in reports.items():
        for earlier, later in pairwise(told):
            resolved += len(keys(earlier) - keys(later))
            episodes.update((cluster, key) for key in keys(later) - keys(earlier))

    assert resolved > 500
    assert any(count > 1 for count in episodes.values())


def test_a_rule_that_is_written_in_the_middle_hits_many_clusters_within_two_days(reports):
    appeared = [
        next(report.envelope.last_checked_at for report in told if "RUNTIME_ESCAPE_KNOWN" in keys(report))
        for told in reports.values()
        if any("RUNTIME_ESCAPE_KNOWN" in keys(report) for report in told)
    ]
    written = UNTIL - timedelta(days=23)

    assert min(appeared) >= written
    assert sum(at < written + timedelta(days=2) for at in appeared) > 40


def test_some_clusters_come_later_fall_silent_or_change_hands(reports):
    first = [told[0].envelope.last_checked_at for told in reports.values()]
    last = [told[-1].envelope.last_checked_at for told in reports.values()]
    moved = [told for told in reports.values() if len({report.envelope.org_id for report in told}) > 1]

    assert 5 < sum(at > BEGIN + timedelta(days=3) for at in first) < 60
    assert 1 < sum(at < UNTIL - timedelta(days=8) for at in last) < 30
    assert len(moved) == 2


def test_what_people_speak_about_hits_the_cluster_now(story, reports):
    for voice in story.voices():
        if voice.cluster:
            hits = {(hit.component, hit.error_key) for hit in reports[voice.cluster][-1].hits}
            assert (f"{voice.rule}.report", voice.error_key) in hits


def test_no_two_rules_share_an_error_key_and_every_rule_hits(reports):
    hit = {hit.error_key for told in reports.values() for report in told for hit in report.hits}

    assert len({rule.key for rule in RULES}) == len(RULES)
    assert hit == {rule.key for rule in RULES}


def test_no_host_outside_the_example_domain_is_named(messages):
    hosts = set(re.findall(rb'//([^/"]+)', b"".join(one.raw for one in messages[:4000])))

    assert hosts == {b"docs.example.com", b"issues.example.com"}


def test_a_long_story_needs_hardly_more_memory_than_a_short_one():
    peaks = []
    for days in (20, 80):
        tracemalloc.start()
        for _ in Story(until=UNTIL, clusters=60, days=days).messages():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize(("hits", "size"), [(0, 3_000), (5, 10_000), (15, 20_000)])
def test_messages_for_a_measurement_are_as_asked_for(hits, size):
    told = list(bench_messages(400, until=UNTIL, hits=hits, size=size, clusters=50))
    read = [report_of(raw) for raw in told]
    newest = [one.envelope.last_checked_at for one in read]

    assert [len(one.hits) for one in read] == [hits] * 400
    assert len({one.envelope.cluster for one in read}) == 50
    assert newest == sorted(set(newest))
    assert max(newest) < UNTIL
    assert all(abs(len(raw) - size) < size * 0.15 for raw in told)


def test_most_messages_of_a_measurement_say_what_the_one_before_said():
    reports: dict[str, list[bytes]] = defaultdict(list)
    for raw in bench_messages(2_000, until=UNTIL, clusters=100):
        body = orjson.loads(raw)
        reports[body["ClusterName"]].append(orjson.dumps(body["Report"]))
    pairs = [pair for told in reports.values() for pair in pairwise(told)]

    assert 0.85 < sum(earlier == later for earlier, later in pairs) / len(pairs) < 0.95
