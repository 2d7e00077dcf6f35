"""Many documents into the database, batch by batch, with a bookmark: each batch and how far it came are one transaction.

While one batch is stored the next one is decoded. Whoever is killed goes on at the bookmark; what was stored twice all the same is a duplicate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from evistore.delivery.ingest import Item, Mode, Receipt, accept
from evistore.delivery.wire import Malformed, decode_text
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Unavailable
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "loading")

BATCH = 2_000
BATCH_BYTES = 8 * 1024 * 1024
KEPT_OF_TOO_LARGE = 64 * 1024


class Piece(NamedTuple):
    """One document of a source."""

    raw: bytes
    line: int
    """Where it starts, from 1, as it is told to people."""
    number: int
    """How many documents there are up to and with this one: what a bookmark counts."""


@dataclass(slots=True)
class Bookmark:
    """How far a source has been read: so many of its documents are settled."""

    consumer: str
    source: str
    at: int | None = None

    @classmethod
    def of(cls, database: Database, consumer: str, source: str) -> Bookmark:
        """The bookmark as it stands in *database*.

        Raises:
            Unavailable: the database does not answer.
        """
        with database.transaction(read_only=True) as tx:
            return cls(consumer, source, tx.value(SQL["bookmark"], consumer=consumer, source=source))

    def move(self, tx: Transaction, to: int) -> None:
        """Put it *to* another place, in the transaction of what lies between.

        Raises:
            Unavailable: another process has moved it.
        """
        if not tx.value(SQL["move_bookmark"], consumer=self.consumer, source=self.source, known=self.at, next=to):
            raise Unavailable(f"another process is reading {self.source}", code="source-busy")


@dataclass(slots=True)
class Tally:
    """What became of the documents of a source."""

    outcomes: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    """Why documents were not taken in, by code."""

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Count *receipts*."""
        self.outcomes.update(receipt.outcome for receipt in receipts)
        self.reasons.update(receipt.reason for receipt in receipts if receipt.reason)

    @property
    def total(self) -> int:
        """How many documents there were."""
        return self.outcomes.total()

    @property
    def taken_in(self) -> bool:
        """Whether every document is stored now."""
        return not (self.outcomes.keys() - {"stored", "duplicate"})


def load(
    database: Database,
    pieces: Iterable[Piece],
    *,
    origin: str,
    mode: Mode = "mark",
    bookmark: Bookmark | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Store *pieces*, and move *bookmark* with them; *told* hears of every batch that is committed, how many it had.

    What cannot be taken in stands in quarantine with the origin ``<origin>:<line>``.

    Raises:
        Unavailable: the database does not answer, or another process moved the bookmark; what was told is stored.
    """
    tally = Tally()

    def settle(stored: Future[list[Receipt]] | None) -> None:
        if stored is not None:
            receipts = stored.result()
            tally.add(receipts)
            told(len(receipts))

    writer = _Writer(database, origin, mode, bookmark)
    with ThreadPoolExecutor(1, "loading") as thread:
        under_way: Future[list[Receipt]] | None = None
        for batch in _batches(pieces):
            items = [_decoded(piece.raw, judged=mode != "off") for piece in batch]
            settle(under_way)
            under_way = thread.submit(writer.store, batch, items)
        settle(under_way)
    return tally


def _decoded(raw: bytes, *, judged: bool) -> Item:
    item = decode_text(raw, judged=judged)
    if isinstance(item, Malformed) and item.code == "too-large":
        return Malformed(item.code, f"{item.message}; only its beginning is kept", raw[:KEPT_OF_TOO_LARGE])
    return item


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    weight = 0
    for piece in pieces:
        batch.append(piece)
        weight += len(piece.raw)
        if len(batch) == BATCH or weight > BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Writer:
    """Stores batches of one source."""

    database: Database
    origin: str
    mode: Mode
    bookmark: Bookmark | None

    def store(self, batch: Sequence[Piece], items: Sequence[Item]) -> list[Receipt]:
        """One batch, in one transaction with its bookmark."""
        try:
            receipts = self._transact(batch, items)
        except Unavailable as fault:
            if (
                fault.code != "database-busy"
            ):  # a deadlock, or a server that is starting again: once more is often enough
                raise
            receipts = self._transact(batch, items)
        if self.bookmark is not None:
            self.bookmark.at = batch[-1].number
        return receipts

    def _transact(self, batch: Sequence[Piece], items: Sequence[Item]) -> list[Receipt]:
        with self.database.transaction() as tx:
            if self.bookmark is not None:
                self.bookmark.move(tx, batch[-1].number)
            everywhere = f"{self.origin}:{batch[0].line}-{batch[-1].line}"
            receipts = accept(tx, items, origin=everywhere, mode=self.mode)
            self._name_lines(tx, batch, receipts, everywhere)
        return receipts

    def _name_lines(self, tx: Transaction, batch: Sequence[Piece], receipts: list[Receipt], everywhere: str) -> None:
        """Say of each document in quarantine which line it was, not only which batch."""
        pairs = zip(receipts, batch, strict=True)
        set_aside = [(one.quarantine_id, piece.line) for one, piece in pairs if one.quarantine_id]
        if set_aside:
            ids = [number for number, _ in set_aside]
            origins = TextArray(f"{self.origin}:{line}" for _, line in set_aside)
            tx.run(SQL["name_lines"], ids=ids, origins=origins, everywhere=everywhere)
