"""Who uses it meanwhile: writers at every door, readers, a follower of the feed, and an operator with his commands."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import psycopg

from soak.book import Away, Book
from soak.doors import PATIENCE, Door, Files, Http, Sql, by_call, by_insert, by_store
from soak.sent import CLUSTERS, Events, Messages, Sent
from soak.topics import Topic
from soak.world import World

GIVEN_UP = 0.1  # the share of failed requests that nobody sends again
AGGREGATOR = "/api/insights-results-aggregator/v1"
PLACES = {
    "pages": [
        "/",
        "/services",
        "/pipelines",
        "/artifacts",
        "/events",
        "/clusters",
        "/clusters/recommendations",
        "/quarantine",
    ],
    "REST, delivery": [
        "/api/delivery/v1/events?limit=50",
        "/api/delivery/v1/running",
        "/api/delivery/v1/metrics/dora",
        "/api/delivery/v1/quarantine",
    ],
    "REST, clusters": [
        f"{AGGREGATOR}/organizations/1/clusters",
        f"{AGGREGATOR}/organizations/1/clusters/{CLUSTERS[0]}/reports",
    ],
    "health, metrics": ["/health", "/ready", "/metrics"],
}
VIEWS = [
    "SELECT outcome, count(*) FROM cdviz.pipelinerun GROUP BY 1",
    "SELECT service_id, environment_id, artifact_id FROM cdviz.services LIMIT 50",
    "SELECT day, sum(events) FROM cdviz.activity_daily GROUP BY 1 ORDER BY 1 DESC LIMIT 7",
    "SELECT * FROM clusters.cluster_overview LIMIT 20",
]


class Player(threading.Thread):
    """Somebody who does one thing again and again until told to stop."""

    def __init__(self, name: str, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self.pause = pause
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self.pause * random.uniform(0.5, 1.5)):
            self.once()

    def once(self) -> None:
        """Do it."""
        raise NotImplementedError

    def stop(self) -> None:
        """Say that it is enough."""
        self.ended.set()


class Writer(Player):
    """Sends lots by one door; one that was not acknowledged again, unless he gives it up."""

    def __init__(  # noqa: PLR0917
        self,
        name: str,
        pause: float,
        book: Book,
        door: Door,
        take: Callable[[], list[Sent]],
        knows: Callable[[str], None],
    ) -> None:
        super().__init__(name, pause)
        self._book, self._door, self._take, self._knows = book, door, take, knows

    def once(self) -> None:
        lot = self._take()
        self._book.tried(self.name, lot)
        while not self._sent(lot):
            # At the end nobody gives up: what is in doubt then would only blur the ledger. Messages about clusters are always sent again.
            if not self.ended.is_set() and lot[0].kind == "event" and random.random() < GIVEN_UP:
                self._book.given_up(lot)
                return
            time.sleep(0.3)

    def _sent(self, lot: Sequence[Sent]) -> bool:
        began = time.monotonic()
        try:
            told = self._door.send(lot)
        except Away as away:
            self._book.attempt(self.name, began, str(away))
            return False
        except Exception as error:  # noqa: BLE001  # a door that answers in no way it should
            self._book.surprise(f"{self.name}: {type(error).__name__}: {error}")
            self._book.attempt(self.name, began, type(error).__name__)
            return True  # the same again would be answered the same
        self._book.attempt(self.name, began)
        self._book.acknowledged(self.name, lot)
        self._compare(lot, told)
        return True

    def _compare(self, lot: Sequence[Sent], told: Sequence[str | None]) -> None:
        for one, outcome in zip(lot, told, strict=True):
            if outcome not in _wanted(one):
                self._book.surprise(f"{self.name} said {outcome} of {one.reason or one.kind}: {one.body[:120]!r}")
            elif one.key and one.first and self._certain:
                self._knows(one.text)

    @property
    def _certain(self) -> bool:
        """Whether what was acknowledged is stored by then."""
        return not isinstance(self._door, Topic)


def _wanted(one: Sent) -> set[str | None]:
    if one.reason:
        return {None, one.reason, one.reason.partition(":")[2] or one.reason}
    if one.kind == "event":
        return {None, "stored", "duplicate"} if one.first else {None, "duplicate"}
    return {None, "stored", "older", "repeated", "skipped"}


class Reader(Player):
    """Asks for pages, REST and figures of the program, one after the other."""

    def __init__(self, name: str, pause: float, book: Book, url: str) -> None:
        super().__init__(name, pause)
        self._book, self._turn = book, 0
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)

    def once(self) -> None:
        places = PLACES[self.name]
        place, self._turn = places[self._turn % len(places)], self._turn + 1
        began = time.monotonic()
        try:
            status = self._client.get(place).status_code
        except httpx.HTTPError as error:
            self._book.attempt(self.name, began, type(error).__name__)
            return
        # The interface of cluster evidence says 500 while the database is away: its clients know it so.
        allowed = {200, 503, 500} if place.startswith(AGGREGATOR) else {200, 503}
        if status not in allowed:
            self._book.surprise(f"{place} answered {status}")
        if place == "/health" and status != 200:
            self._book.surprise(f"/health answered {status}")
        self._book.attempt(self.name, began, "" if status == 200 else str(status))


class Analyst(Player):
    """Asks views by SQL."""

    def __init__(self, pause: float, book: Book, url: str) -> None:
        super().__init__("views", pause)
        self._book, self._url, self._turn = book, url, 0

    def once(self) -> None:
        query, self._turn = VIEWS[self._turn % len(VIEWS)], self._turn + 1
        began = time.monotonic()
        try:
            with psycopg.connect(self._url, connect_timeout=5) as connection:
                connection.execute(query).fetchall()  # pyright: ignore[reportArgumentType]
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self._book.attempt(self.name, began, type(error).__name__)
        except psycopg.Error as error:
            self._book.surprise(f"{query}: {error}")
        else:
            self._book.attempt(self.name, began)


class Follower(Player):
    """Follows the feed and goes on from the last event that came, whoever cut it off."""

    def __init__(self, url: str, book: Book) -> None:
        super().__init__("feed", 0.2)
        self._url, self._book = url, book
        self.heard: list[int] = []
        self._place = 0

    def once(self) -> None:
        began, begun = time.monotonic(), False
        try:
            with httpx.stream(
                "GET",
                f"{self._url}/api/delivery/v1/feed?payload=false",
                headers={"Last-Event-ID": str(self._place)},
                timeout=httpx.Timeout(20),
            ) as answer:
                begun = True
                self._book.attempt(self.name, began, "" if answer.status_code == 200 else str(answer.status_code))
                if answer.status_code == 200:
                    self._follow(answer.iter_lines())
        except httpx.HTTPError as error:
            if not begun:
                self._book.attempt(self.name, began, type(error).__name__)

    def _follow(self, lines: Iterator[str]) -> None:
        named, place = "", 0
        for line in lines:
            if line.startswith("id: "):
                place = int(line.removeprefix("id: "))
            elif line.startswith("event: "):
                named = line
            elif not line and place:
                self.heard += [place] if named else []
                self._place, named, place = place, "", 0
            if self.ended.is_set():
                return


@dataclass(frozen=True)
class Chore:
    """A command, and the statuses that it may end with."""

    words: tuple[str, ...]
    statuses: frozenset[int] = frozenset({0, 4})


CHORES = (
    Chore(("maintain",)),
    Chore(("clusters", "clean", "--max-age", "30 days")),
    Chore(("migrate",)),
    Chore(("redefine",)),
    Chore(("doctor",), frozenset({0, 1, 4})),
)


class Operator(Player):
    """Runs the commands of those who keep the database: one after the other, as the administrator."""

    def __init__(self, pause: float, book: Book, world: World) -> None:
        super().__init__("operator", pause)
        self._book, self._world, self._turn = book, world, 0

    def once(self) -> None:
        chore, self._turn = CHORES[self._turn % len(CHORES)], self._turn + 1
        words = chore.words
        try:
            if words == ("redefine",):
                # As after a new release: every view, function and trigger is made anew while all use them.
                self._world.ask("UPDATE evistore.definition SET fingerprint = 'another' RETURNING context")
                words = ("migrate",)
            process = self._world.command(*words, "--database-url", self._world.database("postgres"))
            status: int | str = process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            status = "no end within 90 s"
        except psycopg.OperationalError:
            return
        self._book.chore(f"{' '.join(chore.words)}: {status}")
        if status not in chore.statuses:
            self._book.surprise(f"{' '.join(chore.words)} ended with {status}")


def players(world: World, book: Book, *, seed: int, rate: float, seconds: float) -> list[Player]:
    """Everybody: writers that send some *rate* events a second together, and the others at a pace that suits them."""
    events, messages = Events(seed, int(rate * seconds * 1.5) + 500), Messages(seed)
    collector = world.database("soak_collector")
    per_file = int(rate)  # a file every ten seconds, one of reports every twenty

    def some(number: int, **kept: bool) -> Callable[[], list[Sent]]:
        return lambda: events.take(number, **kept)

    doors: list[tuple[str, Door, Callable[[], list[Sent]], int, float]] = [
        ("HTTP", Http(world.url, "/cdevents"), some(1), 1, 0.15),
        ("HTTP, lists", Http(world.url, "/cdevents", many=True), some(20), 20, 0.25),
        ("CALL", Sql(collector, by_call), some(1), 1, 0.1),
        ("store_cdevents", Sql(collector, by_store), some(20), 20, 0.15),
        ("INSERT", Sql(world.database("postgres"), by_insert), some(3, garbage=False), 3, 0.05),
        ("Kafka", Topic(world.topics, "soak-events"), some(10, broken=True), 10, 0.2),
        ("files", Files(world.folder, world.command), some(per_file, broken=True), per_file, 0.1),
        ("HTTP, reports", Http(world.url, "/insights/reports"), lambda: messages.take("report", 1), 1, 0.03),
        ("Kafka, reports", Topic(world.topics, "soak-reports"), lambda: messages.take("report", 5), 5, 0.1),
        ("Kafka, workloads", Topic(world.topics, "soak-workloads"), lambda: messages.take("workloads", 2), 2, 0.04),
        (
            "files, reports",
            Files(world.folder, world.command),
            lambda: messages.take("report", per_file),
            per_file,
            0.05,
        ),
    ]
    writers = [
        Writer(name, number / (rate * share), book, door, take, events.know)
        for name, door, take, number, share in doors
    ]
    readers = [Reader(name, 40 / rate, book, world.url) for name in PLACES]
    others = [Analyst(60 / rate, book, world.database("soak_reader")), Operator(400 / rate, book, world)]
    return [*writers, *readers, *others, Follower(world.url, book)]
