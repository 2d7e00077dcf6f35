"""What is sent: events out of order, some twice, some under a new time, some under a name that is taken, and garbage; messages about clusters."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from evistore.delivery.history import history
from fixtures.insights_messages import report_message, workload, workloads_message

Kind = Literal["event", "report", "workloads"]
Key = tuple[str, str]
CLUSTERS = [f"{number:08}-0000-4000-8000-00000050a000" for number in range(24)]
RULES = [f"ccx_rules_ocp.rule_{number}|KEY_{number % 3}" for number in range(8)]
AHEAD = 120  # events of which the next one is drawn
LARGE = 0.003  # the share of events that are large, a quarter of a megabyte
SHARES = {"again": 0.07, "stamped": 0.02, "conflict": 0.02, "garbage": 0.05}


@dataclass(frozen=True)
class Sent:
    """One message."""

    kind: Kind
    body: bytes
    key: Key | None = None
    """Source and id, of an event that is to be stored."""
    reason: str | None = None
    """Under which it is to stand in quarantine."""
    first: bool = True
    """Whether *body* is what is to be stored under its key; otherwise it is known there already."""

    @property
    def text(self) -> str:
        return self.body.decode()


def key_of(text: str) -> Key:
    """Source and id of the event *text*."""
    context = json.loads(text)["context"]
    return context["source"], context["id"]


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def spoil(event: dict[str, Any]) -> None:
        del event[path[0]][path[1]]

    return spoil


def _with(member: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(event: dict[str, Any]) -> None:
        event["context"][member] = value

    return spoil


SPOILT: dict[str, Callable[[dict[str, Any]], None]] = {
    "context-missing": lambda event: event.pop("context"),
    "type-missing": _without("context", "type"),
    "type-malformed": _with("type", "com.example.something"),
    "id-missing": _without("context", "id"),
    "source-missing": _without("context", "source"),
    "timestamp-missing": _without("context", "timestamp"),
    "timestamp-malformed": _with("timestamp", "soon"),
    "timestamp-in-future": _with("timestamp", "2999-01-01T00:00:00Z"),
}
BROKEN = {"not-json": '{{"broken": {n}', "nul-character": '{{"n": {n}, "nul": "\\u0000"}}'}
"""What is no JSON that PostgreSQL can hold; only some doors keep it."""


class Events:
    """Events for all doors, from one history, each given out once; safe in any thread."""

    def __init__(self, seed: int, number: int) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        until = datetime.now(UTC) - timedelta(minutes=5)
        self._rest: Iterator[str] = history(seed=seed, services=12, until=until, events=number)
        self._ahead = list(itertools.islice(self._rest, AHEAD))
        self._known: list[str] = []
        self._numbers = itertools.count(1)

    def know(self, text: str) -> None:
        """The event *text* is stored for sure: it may come again in other forms."""
        with self._lock:
            self._known.append(text)

    def take(self, number: int, *, garbage: bool = True, broken: bool = False) -> list[Sent]:
        """The next *number* messages; none of one event twice. *garbage* and *broken* say what the door keeps."""
        with self._lock:
            taken = [self._one(garbage=garbage, broken=broken) for _ in range(number)]
        return list({one.key or one.body: one for one in taken}.values())

    def _one(self, *, garbage: bool, broken: bool) -> Sent:
        chance = self._dice.random()
        for what, share in SHARES.items():
            if chance < share and (what != "garbage" or garbage) and (what == "garbage" or self._known):
                return self._odd(what, broken=broken)
            chance -= share
        return self._fresh()

    def _fresh(self) -> Sent:
        if following := next(self._rest, None):
            self._ahead.append(following)
        text = self._ahead.pop(self._dice.randrange(len(self._ahead)))
        if self._dice.random() < LARGE:
            text = f'{text[:-1]}, "customDataContentType": "text/plain", "customData": "{"x" * 250_000}"}}'
        return Sent("event", text.encode(), key_of(text))

    def _odd(self, what: str, *, broken: bool) -> Sent:
        number = next(self._numbers)
        if what == "garbage":
            return self._garbage(number, broken=broken)
        text = self._dice.choice(self._known)
        if what == "again":
            return Sent("event", text.encode(), key_of(text), first=False)
        event = json.loads(text)
        if what == "stamped":
            event["context"]["timestamp"] = datetime.now(UTC).isoformat()
            return Sent("event", json.dumps(event).encode(), key_of(text), first=False)
        event["subject"]["content"] = {"soak": number}
        return Sent("event", json.dumps(event).encode(), None, "conflict")

    def _garbage(self, number: int, *, broken: bool) -> Sent:
        reason = self._dice.choice([*SPOILT, *(BROKEN if broken else ())])
        if reason in BROKEN:
            return Sent("event", BROKEN[reason].format(n=number).encode(), None, reason)
        event: dict[str, Any] = {
            "context": {
                "version": "0.4.1",
                "id": f"garbage-{number}",
                "source": "/soak",
                "type": "dev.cdevents.service.published.0.2.0",
                "timestamp": "2026-06-01T10:00:00Z",
            },
            "subject": {"id": f"garbage-{number}", "type": "service", "content": {}},
        }
        SPOILT[reason](event)
        return Sent("event", json.dumps(event).encode(), None, reason)


class Messages:
    """Messages about clusters, no two of one cluster with the same time; safe in any thread."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
        self._minutes = {kind: self._shuffled() for kind in ("report", "workloads")}
        self._past: list[Sent] = []
        self._numbers = itertools.count(1)

    def take(self, kind: Kind, number: int) -> list[Sent]:
        """The next *number* messages of one kind; some have come before, some are faulty."""
        with self._lock:
            return list({one.body: one for one in (self._one(kind) for _ in range(number))}.values())

    def _one(self, kind: Kind) -> Sent:
        chance = self._dice.random()
        if chance < SHARES["garbage"]:
            return self._faulty(kind)
        past = [one for one in self._past[-200:] if one.kind == kind]
        if chance < SHARES["garbage"] + SHARES["again"] and past:
            return self._dice.choice(past)
        self._past.append(self._whole(kind))
        return self._past[-1]

    def _shuffled(self) -> Iterator[datetime]:
        """Moments one after the other, but out of order within stretches of them."""
        for start in itertools.count(0, 200):
            for second in self._dice.sample(range(start, start + 200), 200):
                yield self._began + timedelta(seconds=second)

    def _whole(self, kind: Kind) -> Sent:
        dice, cluster, checked = self._dice, self._dice.choice(CLUSTERS), next(self._minutes[kind])
        org = dice.choice((1, 1, 1, 2))
        if kind == "report":
            hits = dice.sample(RULES, dice.randrange(6))
            return Sent(kind, report_message(org, cluster, hits, checked, dice.choice((None, "4.14.1", "4.15.0"))))
        places = [(space, f"u{dice.randrange(3)}") for space in dice.sample("ABCD", dice.randrange(4))]
        return Sent(kind, workloads_message(org, cluster, [workload(key="K1", namespaces=places)], checked))

    def _faulty(self, kind: Kind) -> Sent:
        number, make = next(self._numbers), report_message if kind == "report" else workloads_message
        reason, body = self._dice.choice(
            [
                ("json-invalid", b'{"broken": %d' % number),
                ("uuid-invalid", make(1, f"no cluster {number}")),
                ("time-invalid", make(1, CLUSTERS[0], last_checked=f"soon {number}")),
            ]
        )
        return Sent(kind, body, None, f"{kind}:{reason}")
