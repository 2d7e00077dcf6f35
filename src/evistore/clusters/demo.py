"""A generated fleet in the database, stored the way the consumer stores what a broker delivers, and what there is to see of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from evistore.clusters.consuming import Copies, kafka_handler
from evistore.clusters.history import Message, Story, Voice
from evistore.clusters.ingest import Kind, Rules
from evistore.kernel import messages as kernel
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Unavailable
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "demo")

BATCH = 500
_KINDS: tuple[Kind, ...] = ("report", "workloads")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Which fleet: the same one always sends the same messages."""

    seed: int
    clusters: int
    days: int
    until: datetime

    @property
    def name(self) -> str:
        """Its bookmark's name; the moment comes last."""
        return f"{self.kind} until {self.until.isoformat()}"

    @property
    def kind(self) -> str:
        """The name without the moment."""
        return f"seed {self.seed}, {self.clusters} clusters, {self.days} days"

    @property
    def expected(self) -> int:
        """About how many messages it sends."""
        return round(self.clusters * self.days * 1.1)

    def story(self) -> Story:
        """What it sends and what is said about it, from the beginning."""
        return Story(until=self.until, seed=self.seed, clusters=self.clusters, days=self.days)


@dataclass(frozen=True, slots=True)
class _Stored:
    fleet: str
    part: int
    number: int


@dataclass(frozen=True, slots=True)
class Organization:
    """What one organisation's clusters have."""

    name: str
    clusters: int
    recommendations: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database holds now."""

    organizations: list[Organization]
    resolved: int
    """Hits that came and went."""
    faulty: int
    """Messages that were none."""
    example: str | None
    """A cluster with much to look at."""


def begun(database: Database, fleet: Fleet) -> tuple[Fleet, int | None]:
    """The *fleet* as this database began it, whenever that was, and how many messages it has where all are stored.

    Raises:
        Unavailable: the database does not answer.
    """
    with database.transaction(read_only=True) as tx:
        rows = tx.all(_Stored, SQL["stored"])
    for row in sorted(rows, key=lambda row: row.part, reverse=True):
        kind, _, until = row.fleet.rpartition(" until ")
        if kind == fleet.kind:
            found = Fleet(fleet.seed, fleet.clusters, fleet.days, datetime.fromisoformat(until))
            return found, row.number if row.part == 1 else None
    return fleet, None


def until_now(*, seed: int, clusters: int, days: int) -> Fleet:
    """The fleet whose story ends with the present hour."""
    return Fleet(seed, clusters, days, datetime.now(UTC).replace(minute=0, second=0, microsecond=0))


def store(database: Database, fleet: Fleet, told: Callable[[int], None]) -> Counter[str]:
    """Store what is missing of *fleet*; the outcomes of its messages. *told* hears of every batch how many it had, those of earlier runs first.

    Raises:
        Unavailable: the database does not answer, or another process stores the same; the next call goes on.
    """
    with database.transaction(read_only=True) as tx:
        at: int | None = tx.value(SQL["bookmark"], fleet=fleet.name)
    done = at or 0
    told(done)
    story, outcomes = fleet.story(), Counter[str]()
    messages = islice(enumerate(story.messages()), done, None)
    while batch := list(islice(messages, BATCH)):
        with database.transaction() as tx:
            following = batch[-1][0] + 1
            if not tx.value(SQL["move"], fleet=fleet.name, known=at, next=following):
                raise Unavailable("another process is storing this fleet", code="source-busy")
            outcomes += _stored(tx, fleet, batch)
        at = following
        told(len(batch))
    with database.transaction() as tx:
        _say(tx, story.voices())
        tx.run(SQL["finish"], fleet=fleet.name, messages=at or 0)
    return outcomes


def _stored(tx: Transaction, fleet: Fleet, batch: Sequence[tuple[int, Message]]) -> Counter[str]:
    outcomes = Counter[str]()
    for kind in _KINDS:
        messages = [_delivered(fleet, number, one) for number, one in batch if one.kind == kind]
        if messages:
            outcomes.update(kafka_handler(kind, Rules(), Copies())(tx, messages))
    return outcomes


def _delivered(fleet: Fleet, number: int, message: Message) -> kernel.Message:
    """The *message* as a broker would deliver it."""
    at = datetime.fromtimestamp(message.at / 1000, UTC)
    return kernel.Message(f"demo-{fleet.seed}.{message.kind}", 0, number, None, message.raw, (), at)


def _say(tx: Transaction, voices: Iterator[Voice]) -> None:
    """Let people say what they say, each kind in one statement."""
    said: dict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        said[voice.verb].append(voice)
    for verb, them in said.items():
        tx.run(
            SQL[verb],
            organizations=[one.organization for one in them],
            clusters=TextArray(one.cluster for one in them),
            rules=TextArray(one.rule for one in them),
            error_keys=TextArray(one.error_key for one in them),
            users=TextArray(one.user for one in them),
            values=[one.value for one in them],
            texts=TextArray(one.text for one in them),
        )


def figures(database: Database) -> Figures:
    """What there is to see.

    Raises:
        Unavailable: the database does not answer.
    """
    with database.transaction(read_only=True) as tx:
        return Figures(
            tx.all(Organization, SQL["organizations"]),
            tx.value(SQL["resolved"]),
            tx.value(SQL["faulty"]),
            tx.value(SQL["a_cluster"]),
        )
