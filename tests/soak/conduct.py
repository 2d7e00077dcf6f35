"""A soak from its start to its end: load, faults by a seeded schedule, then quiet, until everything has arrived."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from soak.book import Book
from soak.faults import FAULTS, Fault
from soak.faults_servers import disk_brake
from soak.load import Follower, Player, Writer, players
from soak.topics import PARTITIONS
from soak.world import World, world

WARM_SECONDS = 8.0
PATIENCE = 60.0
"""Longest time that anything may take until it works again, or until what is on its way has arrived."""
WATCHED = (
    "HTTP",
    "HTTP, lists",
    "CALL",
    "store_cdevents",
    "Kafka",
    "pages",
    "REST, delivery",
    "REST, clusters",
    "views",
)
STORED_SINCE = """
SELECT partition FROM evistore.consumer_position WHERE topic = 'soak-events' AND stored_at > to_timestamp(%s)
"""
STORED_BY_CONSUMERS = "stored from Kafka"
SENT_TO_WEBHOOKS = "sent to webhooks"


@dataclass
class Happened:
    """A fault that was."""

    name: str
    began: float
    healed: float
    """In seconds of the monotonic clock, as `began`."""
    recovered: dict[str, float] = field(default_factory=dict)
    """Seconds from then until something worked again, by what; infinite: it did not in time."""


@dataclass
class Soak:
    """What was done, and what is left to look at."""

    seed: int
    minutes: float
    rate: float
    lasting: float
    """Seconds that a fault lasts, more or less."""
    book: Book = field(default_factory=Book)
    faults: list[Happened] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    """What had not arrived in time after the end."""
    feed: list[int] = field(default_factory=list)
    began_at: float = field(default_factory=time.time)
    seconds: float = 0.0
    drained: float = 0.0
    """Seconds from the last message until everything had arrived."""


def run(one: Soak, folder: Path, look: Callable[[Soak, World], None], say: Callable[[str], None]) -> None:
    """Do all of *one* in *folder*, and let *look* see the world before it ends. *say* hears how it goes."""
    brake = disk_brake(folder)
    if brake is None:
        one.skipped["slow disk"] = "there is no C compiler"
    with world(folder, brake) as around:
        watching = threading.Event()
        watch = threading.Thread(target=around.watch, args=(watching,))
        everybody = players(around, one.book, seed=one.seed, rate=one.rate, seconds=60 * one.minutes)
        watch.start()
        began = time.monotonic()
        try:
            _wait(lambda: _works(around), "the program does not start")
            for player in everybody:
                player.start()
            _misfortunes(one, around, until=began + 60 * one.minutes, say=say)
            one.seconds = time.monotonic() - began
            _end(one, around, everybody, say)
            look(one, around)
        finally:
            for player in everybody:
                player.stop()
            watching.set()
            watch.join()


def _wait(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(what)
        time.sleep(0.05)


def _works(around: World) -> bool:
    try:
        return httpx.get(f"{around.url}/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def schedule(seed: int, possible: list[Fault]) -> Iterator[tuple[Fault, random.Random]]:
    """All faults again and again, each time in another order, each with its own dice."""
    dice = random.Random(seed)
    while True:
        for fault in dice.sample(possible, len(possible)):
            yield fault, random.Random(dice.random())


def _misfortunes(one: Soak, around: World, *, until: float, say: Callable[[str], None]) -> None:
    time.sleep(WARM_SECONDS)
    for fault, dice in schedule(one.seed, [fault for fault in FAULTS if fault.possible(around)]):
        if time.monotonic() >= until:
            return
        happened = Happened(fault.name, time.monotonic(), 0.0)
        fault.inflict(around, one.lasting * dice.uniform(0.7, 1.3), dice)
        happened.healed = time.monotonic()
        if dice.random() < 0.8 or not one.faults:  # now and then the next one comes before all works again
            happened.recovered = _recovered(one, around, happened.healed)
        one.faults.append(happened)
        slowest = max(happened.recovered.items(), key=lambda item: item[1], default=("", 0.0))
        say(
            f"{happened.healed - happened.began:5.1f} s  {fault.name}: all works after {slowest[1]:.1f} s ({slowest[0]})"
        )


def _recovered(one: Soak, around: World, healed: float) -> dict[str, float]:
    """Seconds from *healed* until each thing that is watched has worked again; infinite where it has not in time."""
    found: dict[str, float] = {}
    at = time.time() - (time.monotonic() - healed)
    give_up = healed + PATIENCE
    wanted = {*WATCHED, STORED_BY_CONSUMERS}
    while wanted - found.keys() and time.monotonic() < give_up:
        for door in WATCHED:
            fine = next((x for x in reversed(one.book.attempts[door][-50:]) if x.began >= healed and not x.why), None)
            if fine and door not in found:
                found[door] = fine.ended - healed
        try:
            if len(around.ask(STORED_SINCE, at)) == PARTITIONS["soak-events"]:
                found.setdefault(STORED_BY_CONSUMERS, time.monotonic() - healed)
        except psycopg.OperationalError:
            pass
        time.sleep(0.1)
    return found | dict.fromkeys(wanted - found.keys(), math.inf)


def _webhooks_recovered(one: Soak, around: World) -> None:
    """Tell of each fault how long it took until every webhook was served again: known only afterwards, for a claim of a killed process has to end."""
    heard = [[request.at for request in receiver.requests] for receiver in around.receivers.values()]
    for fault in one.faults:
        if fault.recovered:
            first = [next((at for at in every if at >= fault.healed), math.inf) for every in heard]
            fault.recovered[SENT_TO_WEBHOOKS] = max(first) - fault.healed


def _end(one: Soak, around: World, everybody: list[Player], say: Callable[[str], None]) -> None:
    """Let writers come to an end, and wait until what was taken has arrived everywhere."""
    for player in everybody:
        if not isinstance(player, Follower):
            player.stop()
    for player in everybody:
        if not isinstance(player, Follower):
            player.join(2 * PATIENCE)
            if player.is_alive():
                one.late.append(f"{player.name}: what it sends is never acknowledged")
    (follower,) = [player for player in everybody if isinstance(player, Follower)]
    quiet = time.monotonic()
    say(
        f"writers are done: {sum(isinstance(one, Writer) for one in everybody)} of them; waiting for what is on its way"
    )
    for what, arrived in {
        "messages of topics": lambda: _all_read(around),
        "webhook alone": lambda: _told(around, "alone", "true"),
        "webhook lists": lambda: _told(around, "lists", "subject IN ('service', 'artifact', 'change')"),
        "feed": lambda: len(follower.heard) >= _count(around, "true"),
    }.items():
        try:
            _wait(arrived, what)
        except TimeoutError:
            one.late.append(what)
    one.drained = time.monotonic() - quiet
    one.feed = list(follower.heard)
    _webhooks_recovered(one, around)


def _all_read(around: World) -> bool:
    positions = around.positions()
    return all(positions.get(place, 0) >= end for place, end in around.topics.ends().items())


def _told(around: World, name: str, which: str) -> bool:
    heard = {one["evistoreposition"] for request in list(around.receivers[name].requests) for one in request.documents}
    return len(heard) >= _count(around, which)


def _count(around: World, which: str) -> int:
    return int(str(around.ask(f"SELECT count(*) FROM cdviz.cdevents_lake WHERE {which}")[0][0]))
