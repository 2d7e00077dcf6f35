"""Who reads meanwhile: pages, REST, views, the feed; and an operator with his commands."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import psycopg

from fixtures.releasing import made_next
from soak.book import Book
from soak.doors import PATIENCE
from soak.world import World

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
        f"{AGGREGATOR}/organizations/2/clusters",
    ],
    "health": ["/health"],
    "ready, metrics": ["/ready", "/metrics"],
}
VIEWS = [
    "SELECT outcome, count(*) FROM cdviz.pipelinerun GROUP BY 1",
    "SELECT service_id, environment_id, artifact_id FROM cdviz.services LIMIT 50",
    "SELECT day, sum(events) FROM cdviz.activity_daily GROUP BY 1 ORDER BY 1 DESC LIMIT 7",
    "SELECT * FROM clusters.cluster_overview LIMIT 20",
]


class Player(threading.Thread, ABC):
    """Somebody who does one thing again and again until told to stop."""

    def __init__(self, name: str, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self.pause = pause
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self.pause * random.uniform(0.5, 1.5)):
            self.once()

    @abstractmethod
    def once(self) -> None:
        """Do it."""

    def stop(self) -> None:
        """Say that it is enough."""
        self.ended.set()


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
        super().__init__("feed, joining", 0.5)
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
    statuses: frozenset[int] = frozenset({0, 4, -9})


CHORES = (
    Chore(("maintain",)),
    Chore(("clusters", "clean", "--max-age", "30 days")),
    Chore(("migrate",)),
    Chore(("redefine",)),
    Chore(("upgrade",)),
    Chore(("rebuild",)),
    Chore(("doctor",), frozenset({0, 1, 4, -9})),
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
                # Every view, function and trigger is made anew while all use them.
                self._world.ask(
                    "UPDATE evistore.definition SET fingerprint = 'another', objects = '{}' RETURNING context"
                )
                words = ("migrate",)
            if words == ("upgrade",):
                # The next release's migration; the programs of this one go on.
                self._world.release = self._world.release or made_next(self._world.folder / "next")
                words = ("migrate",)
            process = self._world.command(*words, "--database-url", self._world.database("postgres"))
            self._world.chore = process
            status: int | str = process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            status = "no end within 90 s"
        except psycopg.OperationalError:
            return
        self._book.chore(f"{' '.join(chore.words)}: {status}")
        if status not in chore.statuses:
            self._book.surprise(f"{' '.join(chore.words)} ended with {status}")
