"""A generated history in the database, and what there is to see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from evistore.delivery.history import EVENTS_PER_SERVICE_AND_WEEK, history
from evistore.delivery.loading import Bookmark, Piece, Tally, load
from evistore.kernel.database import Database
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "demo")

CONSUMER = "demo"


@dataclass(frozen=True, slots=True)
class Story:
    """Which history: the same one always gives the same events."""

    seed: int
    services: int
    days: int
    until: datetime

    @property
    def name(self) -> str:
        """Its bookmark's name; the moment comes last."""
        return f"{self.kind} until {self.until.isoformat()}"

    @property
    def kind(self) -> str:
        """The name without the moment."""
        return f"seed {self.seed}, {self.services} services, {self.days} days"

    @property
    def expected(self) -> int:
        """About how many events it has."""
        return round(self.services * EVENTS_PER_SERVICE_AND_WEEK * self.days / 7)

    def pieces(self) -> Iterator[Piece]:
        """Its events, as documents."""
        told = history(seed=self.seed, services=self.services, days=self.days, until=self.until)
        return (Piece(text.encode(), number, number) for number, text in enumerate(told, 1))


@dataclass(frozen=True, slots=True)
class _Stored:
    story: str
    part: int
    number: int


@dataclass(frozen=True, slots=True)
class Subject:
    """Events about one kind of subject."""

    name: str
    events: int
    subjects: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Environment:
    """Where services run."""

    name: str
    services: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """Messages in quarantine for one reason."""

    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database holds now."""

    subjects: list[Subject]
    environments: list[Environment]
    quarantine: list[SetAside]
    example: str | None
    """A service that got something new lately."""


def begun(database: Database, story: Story) -> tuple[Story, int | None]:
    """The *story* as this database began it, whenever that was, and how many events it has where all are stored.

    Raises:
        Unavailable: the database does not answer.
    """
    with database.transaction(read_only=True) as tx:
        rows = tx.all(_Stored, SQL["stored"])
    for row in sorted(rows, key=lambda row: row.part, reverse=True):
        kind, _, until = row.story.rpartition(" until ")
        if kind == story.kind:
            found = Story(story.seed, story.services, story.days, datetime.fromisoformat(until))
            return found, row.number if row.part == 1 else None
    return story, None


def told_until_now(*, seed: int, services: int, days: int) -> Story:
    """The story that ends with the present hour."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return Story(seed, services, days, now)


def store(database: Database, story: Story, told: Callable[[int], None]) -> Tally:
    """Store what is missing of *story*; *told* hears of every batch how many events it had, those of earlier runs first.

    Raises:
        Unavailable: the database does not answer; the next call goes on.
    """
    bookmark = Bookmark.of(database, CONSUMER, story.name)
    done = bookmark.at or 0
    told(done)
    tally = load(database, islice(story.pieces(), done, None), origin="demo", bookmark=bookmark, told=told)
    with database.transaction() as tx:
        tx.run(SQL["finish"], story=story.name, events=done + tally.total)
        tx.run(SQL["count"])
    return tally


def figures(database: Database) -> Figures:
    """What there is to see.

    Raises:
        Unavailable: the database does not answer.
    """
    with database.transaction(read_only=True) as tx:
        return Figures(
            tx.all(Subject, SQL["subjects"]),
            tx.all(Environment, SQL["environments"]),
            tx.all(SetAside, SQL["quarantined"]),
            tx.value(SQL["a_service"]),
        )
