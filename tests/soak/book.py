"""What clients know: what was sent, what was acknowledged, how long it took, and what they were told that nobody expected."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from soak.sent import Key, Sent


class Away(Exception):  # noqa: N818  # no error of anybody's: the client tries again
    """A door did not acknowledge; what was sent may be stored or not."""


@dataclass
class Record:
    """One event, as its senders know it."""

    text: str
    acknowledged: bool = False
    doors: Counter[str] = field(default_factory=Counter)
    at: float = 0.0
    """When it was acknowledged first, in seconds since 1970."""


@dataclass(frozen=True)
class Attempt:
    """One request at a door, in seconds of the monotonic clock."""

    began: float
    ended: float
    why: str = ""
    """Why it failed; empty: it did not."""


class Book:
    """Everything that clients noted, from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.events: dict[Key, Record] = {}
        self.kept: dict[tuple[str, str, bytes], bool] = {}
        """Garbage by door's kind, reason and content: whether it was acknowledged."""
        self.messages: dict[tuple[str, bytes], bool] = {}
        """Messages about clusters that are to be taken in: whether they were acknowledged."""
        self.attempts: dict[str, list[Attempt]] = defaultdict(list)
        self.surprises: Counter[str] = Counter()
        self.chores: Counter[str] = Counter()
        self.doubtful = 0

    def surprise(self, what: str) -> None:
        """Note something that must not happen."""
        with self._lock:
            self.surprises[what[:400]] += 1

    def chore(self, what: str) -> None:
        """Note how a command of an operator ended."""
        with self._lock:
            self.chores[what] += 1

    def attempt(self, door: str, began: float, why: str = "") -> None:
        """Note a request at *door* that has just ended."""
        with self._lock:
            self.attempts[door].append(Attempt(began, time.monotonic(), why))

    def tried(self, door: str, lot: Iterable[Sent]) -> None:
        """Note that *lot* is about to be sent."""
        with self._lock:
            for one in lot:
                self._note(door, one, acknowledged=False)

    def acknowledged(self, door: str, lot: Iterable[Sent]) -> None:
        """Note that *door* took responsibility for *lot*."""
        with self._lock:
            for one in lot:
                self._note(door, one, acknowledged=True)

    def given_up(self, lot: Iterable[Sent]) -> None:
        """Note that *lot* is not sent again by whoever heard no answer."""
        with self._lock:
            self.doubtful += len(list(lot))

    def _note(self, door: str, one: Sent, *, acknowledged: bool) -> None:
        if one.reason:
            place = (_keeper(door, one), one.reason, one.body)
            self.kept[place] = acknowledged or self.kept.get(place, False)
        elif one.key:
            record = self.events.setdefault(one.key, Record(one.text))
            record.doors[door] += 1
            if acknowledged and not record.acknowledged:
                record.acknowledged, record.at = True, time.time()
        else:
            self.messages[one.kind, one.body] = acknowledged or self.messages.get((one.kind, one.body), False)


def _keeper(door: str, one: Sent) -> str:
    """Where garbage that came by *door* is kept: Kafka's about clusters has tables of its own."""
    if one.kind == "event":
        return "events"
    return "errors" if door.startswith("Kafka") else "clusters"
