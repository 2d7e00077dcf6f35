"""What the ledger says about evidence: what was acknowledged against what is stored."""

from __future__ import annotations

from fixtures.commands import evistore
from fixtures.consuming import rows
from fixtures.projecting import differences, projections
from fixtures.reporting import LATEST
from soak.claims import Ground, claim, some

OTHERWISE = """
SELECT s.source, s.id FROM unnest(%s::text[], %s::text[], %s::text[]) AS s (source, id, body)
  JOIN cdviz.cdevents_lake AS l ON l.source = s.source AND l.context_id = s.id
 WHERE l.payload IS DISTINCT FROM s.body::jsonb OR l.digest IS DISTINCT FROM sha256(convert_to(s.body::jsonb::text, 'UTF8'))
"""
LOOSE = """
SELECT position FROM cdviz.event_identity AS i FULL JOIN cdviz.cdevents_lake AS l USING ("timestamp", position)
 WHERE i.xid IS NULL OR l.payload IS NULL OR i.content <> cdviz.content_key(l.digest)
"""
COUNTED = "SELECT (SELECT sum(events) FROM cdviz.activity_daily)::bigint, (SELECT count(*) FROM cdviz.cdevents_lake)"


@claim("every acknowledged event is stored")
def _(on: Ground) -> list[str]:
    sent = on.soak.book.events
    lost = [key for key, record in sent.items() if record.acknowledged and key not in on.stored]
    return some(f"{key} by {dict(sent[key].doors)}" for key in lost)


@claim("no event is stored twice")
def _(on: Ground) -> list[str]:
    return some(key for key, number in on.stored.items() if number > 1)


@claim("nothing is stored that nobody sent")
def _(on: Ground) -> list[str]:
    return some(on.stored.keys() - on.soak.book.events.keys())


@claim("events are stored as they were sent, and their digests fit")
def _(on: Ground) -> list[str]:
    texts = [(*key, record.text) for key, record in on.soak.book.events.items()]
    return some(on.connection.execute(OTHERWISE, [list(column) for column in zip(*texts, strict=True)]).fetchall())


@claim("every event has its identity, and every identity its event")
def _(on: Ground) -> list[str]:
    return some(on.connection.execute(LOOSE).fetchall())


@claim("acknowledged garbage is in quarantine with its reason")
def _(on: Ground) -> list[str]:
    found = on.found("events")
    return some(place for place, sure in on.kept("events").items() if sure and place not in found)


@claim("nothing but garbage is there")
def _(on: Ground) -> list[str]:
    return some(on.found("events") - on.kept("events").keys())


@claim("acknowledged messages about clusters that are faulty are in quarantine, each with its reason")
def _(on: Ground) -> list[str]:
    found = on.found("clusters")
    return some(place for place, sure in on.kept("clusters").items() if sure and place not in found)


@claim("no other messages about clusters are there")
def _(on: Ground) -> list[str]:
    return some(on.found("clusters") - on.kept("clusters").keys())


@claim("faulty messages of Kafka about clusters are kept, and no others")
def _(on: Ground) -> list[str]:
    told = {
        str(message) for (message,) in on.connection.execute("SELECT message FROM public.consumer_error").fetchall()
    }
    wanted = {body.decode(): sure for (_, body), sure in on.kept("errors").items()}
    return some([*(body for body, sure in wanted.items() if sure and body not in told), *(told - wanted.keys())])


@claim("who follows the feed heard every event once and in order")
def _(on: Ground) -> list[str]:
    return _unlike(on.soak.feed, on.fed())


@claim("a webhook was told every event, and first told in order")
def _(on: Ground) -> list[str]:
    return _unlike(on.told("alone"), on.fed())


@claim("a webhook with filters was told what passes them in lists, and first told in order")
def _(on: Ground) -> list[str]:
    return _unlike(on.told("lists"), on.fed("service", "artifact", "change"))


def _unlike(found: list[int], wanted: list[int]) -> list[str]:
    if found == wanted:
        return []
    pairs = zip(found, wanted, strict=False)
    n = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(found), len(wanted)))
    missing, other = set(wanted) - set(found), set(found) - set(wanted)
    return [
        f"{len(found)} instead of {len(wanted)}, {len(found) - len(set(found))} of them twice",
        f"{len(missing)} missing, {len(other)} that are none",
        f"from number {n}: {found[n : n + 4]} instead of {wanted[n : n + 4]}",
    ]


@claim("daily counts are those of the lake")
def _(on: Ground) -> list[str]:
    maintained = evistore("maintain", settings={"database_url": on.world.server.url})
    counted, stored = on.connection.execute(COUNTED).fetchone() or (0, 0)
    return [maintained.stderr] * bool(maintained.returncode) + [f"{counted} of {stored}"] * (counted != stored)


@claim("what was read off the events is what a rebuild reads off them")
def _(on: Ground) -> list[str]:
    before = projections(on.connection)
    rebuilt = evistore("rebuild", settings={"database_url": on.world.server.url})
    on.connection.execute("SELECT cdviz.settle_links()")
    unlike = differences(before, projections(on.connection))
    return [rebuilt.stderr] * bool(rebuilt.returncode) + some(
        (name, row) for name, found in unlike.items() for row in found
    )


@claim("every message about a cluster was acknowledged in the end")
def _(on: Ground) -> list[str]:
    return some(body for (_, body), sure in on.soak.book.messages.items() if not sure)


@claim("the newest report of each cluster stands, with all that hangs on it")
def _(on: Ground) -> list[str]:
    return [name for name, query in LATEST.items() if rows(on.world.server.url, query) != rows(on.reference, query)]
