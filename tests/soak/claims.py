"""Sentences of the ledger, and what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg

from evistore.clusters.ingest import accept
from evistore.contexts import CONTEXTS
from evistore.kernel.database import Database
from evistore.kernel.migrations import migrate
from soak.conduct import Soak
from soak.sent import BROKEN, Key
from soak.world import World

KEPT = "SELECT reason, coalesce(raw, convert_to(payload::text, 'UTF8')) FROM evistore.quarantine WHERE context = %s"
SPELT = "SELECT convert_to(b::jsonb::text, 'UTF8') FROM unnest(%s::text[]) WITH ORDINALITY AS t (b, n) ORDER BY n"
FED = """
SELECT i.position FROM cdviz.event_identity AS i JOIN cdviz.cdevents_lake AS l USING ("timestamp", position)
 WHERE l.subject = ANY (%s) OR %s ORDER BY i.xid, i.position
"""
SHOWN = 5


@dataclass
class Ground:
    """What the sentences are about."""

    soak: Soak
    world: World
    connection: psycopg.Connection

    @cached_property
    def stored(self) -> Counter[Key]:
        """How often each event stands in the lake."""
        return Counter(self.connection.execute("SELECT source, context_id FROM cdviz.cdevents_lake").fetchall())

    @cached_property
    def reference(self) -> str:
        """A database in which one writer stored every message about a cluster once."""
        with psycopg.connect(self.world.server.url, dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE reference")
        url = self.world.server.url.replace("/evistore?", "/reference?")
        migrate(url, CONTEXTS)
        with Database(url) as database:
            for kind in ("report", "workloads"):
                with database.transaction() as tx:
                    accept(tx, kind, [body for (of, body) in self.soak.book.messages if of == kind])
        return url

    def kept(self, keeper: str) -> dict[tuple[str, bytes], bool]:
        """The garbage for one keeper by reason and content, spelt as it is kept, and whether it was acknowledged."""
        wanted = {(reason, body): sure for (by, reason, body), sure in self.soak.book.kept.items() if by == keeper}
        plain = [place for place in wanted if keeper == "events" and place[0] not in BROKEN]
        spelt = self.connection.execute(SPELT, [[body.decode() for _, body in plain]]).fetchall()
        names = {place: (place[0], bytes(text)) for place, (text,) in zip(plain, spelt, strict=True)}
        return {names.get(place, place): sure for place, sure in wanted.items()}

    def found(self, keeper: str) -> set[tuple[str, bytes]]:
        """What stands in quarantine, by reason and content."""
        context = {"events": "delivery", "clusters": "clusters"}[keeper]
        return {(str(reason), bytes(body)) for reason, body in self.connection.execute(KEPT, [context]).fetchall()}

    def fed(self, *subjects: str) -> list[int]:
        """The positions of the events of all these *subjects*, or of all, in the order of the feed."""
        return [row[0] for row in self.connection.execute(FED, [list(subjects), not subjects]).fetchall()]

    def told(self, name: str) -> list[int]:
        """The positions that a receiver was told, each where it was told first."""
        requests = list(self.world.receivers[name].requests)
        return list(dict.fromkeys(int(one["evistoreposition"]) for request in requests for one in request.documents))


Against = Callable[[Ground], list[str]]
CLAIMS: dict[str, Against] = {}
"""What finds what speaks against each sentence, in the order in which they are asked."""


def claim(sentence: str) -> Callable[[Against], Against]:
    """Put what follows into the ledger."""

    def put(against: Against) -> Against:
        CLAIMS[sentence] = against
        return against

    return put


def some(found: Iterable[Any]) -> list[str]:
    """The first few of *found* in words, and how many there are."""
    every = [str(one)[:300] for one in found]
    return [*every[:SHOWN], f"{len(every)} in all"] if every else []
