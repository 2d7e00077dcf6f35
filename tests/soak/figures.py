"""What a soak measured, as tables for people and as JSON for programs."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from statistics import quantiles
from typing import Any

from evistore.kernel.terminal import table
from soak.book import Attempt
from soak.conduct import Soak
from soak.world import World

MILLISECONDS = 1000
LAGS = """
SELECT s.source, s.id, extract(epoch FROM l.imported_at)::float8
  FROM unnest(%s::text[], %s::text[]) AS s (source, id) JOIN cdviz.cdevents_lake AS l ON l.source = s.source AND l.context_id = s.id
"""


def figures(soak: Soak, world: World, ledger: dict[str, list[str]]) -> dict[str, Any]:
    """Everything that was measured."""
    sure = sum(one.acknowledged for one in soak.book.events.values())
    return {
        "seed": soak.seed,
        "minutes": soak.minutes,
        "rate": soak.rate,
        "lasting": soak.lasting,
        "seconds": round(soak.seconds, 1),
        "drained_seconds": round(soak.drained, 1),
        "events": {"acknowledged": sure, "in_doubt": len(soak.book.events) - sure},
        "messages": len(soak.book.messages),
        "kept": len(soak.book.kept),
        "doors": {name: _door(found) for name, found in sorted(soak.book.attempts.items())},
        "from_kafka_seconds": _spread(_from_kafka(soak, world)),
        "webhooks": {name: _repeats(world, name) for name in world.receivers},
        "faults": _faults(soak),
        "skipped": soak.skipped,
        "memory_mb": {role.name: role.highest // 1024 for role in world.roles.values()},
        "deadlocks": (world.folder / "database" / "postgresql.log")
        .read_text("utf-8", "replace")
        .count("deadlock detected"),
        "commands": dict(sorted(soak.book.chores.items())),
        "ledger": ledger,
    }


def _door(found: list[Attempt]) -> dict[str, Any]:
    fine = [MILLISECONDS * (one.ended - one.began) for one in found if not one.why]
    return {
        "attempts": len(found),
        "available": round(len(fine) / len(found), 4),
        **{f"{name}_ms": value for name, value in _spread(fine).items()},
        "failures": dict(Counter(one.why for one in found if one.why).most_common(6)),
    }


def _spread(values: list[float]) -> dict[str, float]:
    if len(values) < 2:
        return {}
    cuts = quantiles(values, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2)}


def _from_kafka(soak: Soak, world: World) -> list[float]:
    """Seconds from the broker's word to the database's, for events that came by no other door."""
    mine = {key: one.at for key, one in soak.book.events.items() if set(one.doors) == {"Kafka"} and one.acknowledged}
    rows = world.ask(LAGS, [key[0] for key in mine], [key[1] for key in mine])
    return [float(str(at)) - mine[str(source), str(id_)] for source, id_, at in rows]


def _repeats(world: World, name: str) -> dict[str, int]:
    heard = [one["evistoreposition"] for request in list(world.receivers[name].requests) for one in request.documents]
    return {"events": len(set(heard)), "told_again": len(heard) - len(set(heard))}


def _faults(soak: Soak) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in soak.faults:
        told = found.setdefault(one.name, {"times": 0, "lasted_seconds": 0.0, "recovered_seconds": {}})
        told["times"] += 1
        told["lasted_seconds"] = max(told["lasted_seconds"], round(one.healed - one.began, 1))
        for what, seconds in one.recovered.items():
            worst = max(told["recovered_seconds"].get(what, 0.0), seconds)
            told["recovered_seconds"][what] = worst if math.isinf(worst) else round(worst, 2)
    return found


def tables(told: dict[str, Any]) -> str:
    """The figures for people."""
    doors = [
        (name, one["attempts"], 100 * one["available"], one.get("p50_ms"), one.get("p99_ms"))
        for name, one in told["doors"].items()
    ]
    faults = [
        (name, one["times"], one["lasted_seconds"], *_worst(one["recovered_seconds"]))
        for name, one in told["faults"].items()
    ]
    lines = [
        f"{told['seconds']:.0f} s with seed {told['seed']}: {told['events']['acknowledged']:,} events acknowledged",
        f"{told['events']['in_doubt']:,} events in doubt, {told['messages']:,} messages about clusters, {told['kept']:,} of garbage",
        f"from Kafka to the database: {told['from_kafka_seconds']} s; the last message had arrived everywhere after {told['drained_seconds']} s",
        f"webhooks: {told['webhooks']}; memory in MB: {told['memory_mb']}",
        f"commands: {told['commands']}; deadlocks in the database: {told['deadlocks']}",
        "",
        table(doors, header=("door", "attempts", "answered %", "p50 ms", "p99 ms")),
        "",
        table(faults, header=("fault", "times", "lasted s", "all works after s", "last of all")),
        *(f"not done: {name}, for {why}" for name, why in told["skipped"].items()),
        "",
    ]
    for sentence, against in told["ledger"].items():
        lines.append(f"{'holds' if not against else 'BROKEN'}  {sentence}")
        lines += [f"        {one}" for one in against]
    return "\n".join(lines)


def _worst(recovered: dict[str, float]) -> tuple[float | None, str]:
    what = max(recovered, key=lambda name: recovered[name], default="")
    return recovered.get(what), what


def write(told: dict[str, Any], path: Path) -> None:
    """Keep the figures in *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, default=str) + "\n", "utf-8")
