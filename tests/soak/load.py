"""Everybody who uses it meanwhile, and the writers among them: one at every door."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from soak.book import Away, Book
from soak.doors import HANGING_UP, Door, Files, Http, Sql, by_call, by_insert, by_store
from soak.readers import PLACES, Analyst, Follower, Operator, Player, Reader
from soak.sent import Events, Messages, Sent
from soak.topics import Topic
from soak.world import World

GIVEN_UP = 0.1  # the share of failed requests that nobody sends again


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
            if str(away) != HANGING_UP:  # that was the client's own doing
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


def players(world: World, book: Book, *, seed: int, rate: float, seconds: float) -> list[Player]:
    """Everybody: writers that send some *rate* events a second together, and the others at a pace that suits them."""
    events, messages = Events(seed, int(rate * seconds * 1.5) + 500), Messages(seed)
    collector = world.database("soak_collector")
    per_file = int(rate)  # a file every ten seconds, one of reports every twenty

    def some(number: int, **kept: bool) -> Callable[[], list[Sent]]:
        return lambda: events.take(number, **kept)

    doors: list[tuple[str, Door, Callable[[], list[Sent]], int, float]] = [
        ("HTTP", Http(world.url, "/cdevents"), some(1), 1, 0.15),
        ("HTTP, lists", Http(world.url, "/cdevents", many=True), some(10), 10, 0.25),
        ("CALL", Sql(collector, by_call), some(1), 1, 0.1),
        ("store_cdevents", Sql(collector, by_store), some(10), 10, 0.15),
        ("INSERT", Sql(world.database("postgres"), by_insert), some(3, garbage=False), 3, 0.05),
        ("Kafka", Topic(world.topics, "soak-events"), some(5, broken=True), 5, 0.2),
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
    readers = [Reader(name, 30 / rate, book, world.url) for name in PLACES]
    others = [Analyst(40 / rate, book, world.database("soak_reader")), Operator(200 / rate, book, world)]
    return [*writers, *readers, *others, Follower(world.url, book)]
