"""The ledger: what was acknowledged against what is stored, sentence by sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from evistore.clusters.ingest import accept
from evistore.contexts import CONTEXTS
from evistore.kernel.database import Database
from evistore.kernel.migrations import migrate
from fixtures.commands import evistore
from fixtures.consuming import rows
from fixtures.projecting import differences, projections
from fixtures.reporting import LATEST
from soak.conduct import Soak
from soak.world import World

MEMORY = 200 * 1024
"""Kilobytes that a server or a consumer may have."""
CONTENT = """
SELECT count(*) FROM unnest(%s::text[], %s::text[], %s::text[]) AS s (source, id, body)
  JOIN cdviz.cdevents_lake AS l ON l.source = s.source AND l.context_id = s.id
 WHERE l.payload IS DISTINCT FROM s.body::jsonb OR l.digest IS DISTINCT FROM sha256(convert_to(s.body::jsonb::text, 'UTF8'))
"""
IDENTITIES = """
SELECT count(*) FROM cdviz.event_identity AS i FULL JOIN cdviz.cdevents_lake AS l USING ("timestamp", position)
 WHERE i.position IS NULL OR l.position IS NULL OR i.content <> cdviz.content_key(l.digest)
"""
QUARANTINE = (
    "SELECT reason, coalesce(raw, convert_to(payload::text, 'UTF8')) FROM evistore.quarantine WHERE context = %s"
)
SPELT = "SELECT convert_to(b::jsonb::text, 'UTF8') FROM unnest(%s::text[]) WITH ORDINALITY AS t (b, n) ORDER BY n"
FED = """
SELECT i.position FROM cdviz.event_identity AS i JOIN cdviz.cdevents_lake AS l USING ("timestamp", position)
 WHERE {} ORDER BY i.xid, i.position
"""
WEBHOOKS = {"alone": "true", "lists": "l.subject IN ('service', 'artifact', 'change')"}
TRACE = re.compile(r"Traceback|\"level\": ?\"(error|critical)\"|-fault\b")
SHOWN = 5


@dataclass(frozen=True)
class Claim:
    """A sentence, and what speaks against it."""

    sentence: str
    against: list[str]

    @property
    def holds(self) -> bool:
        return not self.against


def some(found: Iterable[Any], what: str = "") -> list[str]:
    """The first few of *found* in words, and how many there are."""
    every = [str(one)[:300] for one in found]
    return [*every[:SHOWN], f"{what}{len(every)} in all"] if every else []


def claims(soak: Soak, world: World) -> list[Claim]:
    """Everything that is claimed, with what speaks against it. Makes the projections anew."""
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        return [
            *_events(soak, connection),
            *_kept(soak, connection),
            *_followers(soak, world, connection),
            *_projections(world, connection),
            *_clusters(soak, world),
            *_behaviour(soak, world),
        ]


def _events(soak: Soak, connection: psycopg.Connection) -> list[Claim]:
    stored = Counter(connection.execute("SELECT source, context_id FROM cdviz.cdevents_lake").fetchall())
    sent = soak.book.events
    acknowledged = {key for key, record in sent.items() if record.acknowledged}
    texts = [(*key, record.text) for key, record in sent.items()]
    (other,) = connection.execute(CONTENT, [list(column) for column in zip(*texts, strict=True)]).fetchone() or (0,)
    (loose,) = connection.execute(IDENTITIES).fetchone() or (0,)
    return [
        Claim("every acknowledged event is stored", some(_by_doors(soak, acknowledged - stored.keys()))),
        Claim("no event is stored twice", some(key for key, number in stored.items() if number > 1)),
        Claim("nothing is stored that nobody sent", some(stored.keys() - sent.keys())),
        Claim("events are stored as they were sent, and their digests fit", some(range(other))),
        Claim("every event has its identity, and every identity its event", some(range(loose))),
    ]


def _by_doors(soak: Soak, keys: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{key} by {dict(soak.book.events[key].doors)}" for key in keys]


def _kept(soak: Soak, connection: psycopg.Connection) -> list[Claim]:
    found = []
    for keeper, query in {"events": "delivery", "clusters": "clusters"}.items():
        kept = {(str(reason), bytes(body)) for reason, body in connection.execute(QUARANTINE, [query]).fetchall()}
        found += _compared(soak, connection, keeper, kept)
    errors = connection.execute("SELECT message FROM public.consumer_error").fetchall()
    wanted = {body.decode(): sure for (keeper, _, body), sure in soak.book.kept.items() if keeper == "errors"}
    told = {str(message) for (message,) in errors}
    missing = [body for body, sure in wanted.items() if sure and body not in told]
    return [
        *found,
        Claim(
            "faulty messages of Kafka about clusters are kept, and nothing else",
            some([*missing, *(told - wanted.keys())]),
        ),
    ]


def _compared(soak: Soak, connection: psycopg.Connection, keeper: str, kept: set[tuple[str, bytes]]) -> list[Claim]:
    wanted = {(reason, body): sure for (by, reason, body), sure in soak.book.kept.items() if by == keeper}
    if keeper == "events":
        wanted = _as_kept(connection, wanted)
    missing = [place for place, sure in wanted.items() if sure and place not in kept]
    what = "garbage" if keeper == "events" else "faulty messages about clusters"
    return [
        Claim(f"acknowledged {what} is in quarantine with its reason", some(missing)),
        Claim(f"nothing but the {what} that was sent is there", some(kept - wanted.keys())),
    ]


def _as_kept(connection: psycopg.Connection, wanted: dict[tuple[str, bytes], bool]) -> dict[tuple[str, bytes], bool]:
    """The same, whose JSON is spelt as the database does."""
    plain = [place for place in wanted if place[0] not in {"not-json", "nul-character"}]
    spelt = connection.execute(SPELT, [[body.decode() for _, body in plain]]).fetchall()
    names = {place: (place[0], bytes(text)) for place, (text,) in zip(plain, spelt, strict=True)}
    return {names.get(place, place): sure for place, sure in wanted.items()}


def _followers(soak: Soak, world: World, connection: psycopg.Connection) -> list[Claim]:
    def order(which: str) -> list[int]:
        return [row[0] for row in connection.execute(FED.format(which)).fetchall()]  # pyright: ignore[reportArgumentType]

    found = [
        Claim("who followed the feed heard every event once and in order", _unlike(soak.feed, order("true"))),
    ]
    for name, which in WEBHOOKS.items():
        requests = list(world.receivers[name].requests)
        heard = [int(one["evistoreposition"]) for request in requests for one in request.documents]
        first = list(dict.fromkeys(heard))
        found.append(
            Claim(f"the webhook '{name}' was told every event, first told in order", _unlike(first, order(which)))
        )
    return found


def _unlike(found: list[int], wanted: list[int]) -> list[str]:
    if found == wanted:
        return []
    n = next(
        (n for n, (one, other) in enumerate(zip(found, wanted, strict=False)) if one != other),
        min(len(found), len(wanted)),
    )
    missing, other = set(wanted) - set(found), set(found) - set(wanted)
    return [
        f"{len(found)} instead of {len(wanted)}; {len(missing)} missing, {len(other)} that are none, {len(found) - len(set(found))} twice",
        f"from number {n}: {found[n : n + 4]} instead of {wanted[n : n + 4]}",
    ]


def _projections(world: World, connection: psycopg.Connection) -> list[Claim]:
    settings = {"database_url": world.server.url}
    maintained = evistore("maintain", settings=settings)
    activity = connection.execute(
        "SELECT (SELECT sum(events) FROM cdviz.activity_daily)::bigint, (SELECT count(*) FROM cdviz.cdevents_lake)"
    ).fetchone()
    before = projections(connection)
    rebuilt = evistore("rebuild", settings=settings)
    connection.execute("SELECT cdviz.settle_links()")
    unlike = differences(before, projections(connection))
    failed = [one.stderr[-300:] for one in (maintained, rebuilt) if one.returncode]
    return [
        Claim("maintain and rebuild end well", failed),
        Claim(
            "what was read off the events is what a rebuild reads off them",
            some(f"{name}: {row}" for name, found in unlike.items() for row in found),
        ),
        Claim("daily counts are those of the lake", [] if activity and activity[0] == activity[1] else [str(activity)]),
    ]


def _clusters(soak: Soak, world: World) -> list[Claim]:
    """What one slow writer leaves in another database, who stores every message once."""
    with psycopg.connect(world.server.url, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE reference")
    url = world.server.url.replace("/evistore?", "/reference?")
    migrate(url, CONTEXTS)
    unsure = [body for (_, body), sure in soak.book.messages.items() if not sure]
    with Database(url) as database:
        for kind in ("report", "workloads"):
            bodies = [body for (of, body) in soak.book.messages if of == kind]
            with database.transaction() as tx:
                accept(tx, kind, bodies)
    unlike = [name for name, query in LATEST.items() if rows(world.server.url, query) != rows(url, query)]
    return [
        Claim("every message about a cluster was acknowledged in the end", some(unsure)),
        Claim("the newest report of each cluster stands, with all that hangs on it", unlike),
    ]


def _behaviour(soak: Soak, world: World) -> list[Claim]:
    large = [f"{role.name}: {role.highest // 1024} MB" for role in world.roles.values() if role.highest > MEMORY]
    slow = [
        f"{what}: not within a minute after '{fault.name}'"
        for fault in soak.faults
        for what, seconds in fault.recovered.items()
        if seconds == float("inf")
    ]
    logged = [
        f"{path.name}: {line[:300]}"
        for path in sorted(world.folder.glob("*.log"))
        for line in path.read_text("utf-8", "replace").splitlines()
        if TRACE.search(line) and '"event":"request"' not in line
    ]
    return [
        Claim(
            "nobody was told what should not be",
            some(f"{what} ({number} times)" for what, number in soak.book.surprises.items()),
        ),
        Claim("no process ended by itself, and all do when told to", some(world.deaths)),
        Claim("no log tells of a bug", some(logged)),
        Claim("servers and consumers stay below 200 MB", large),
        Claim("after each fault everything works again within a minute", some(slow)),
        Claim("at the end everything arrives within a minute", soak.late),
    ]
