"""``evistore doctor``: whether all is well, and what to do where it is not."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import typer

from evistore.kernel.terminal import DatabaseUrl, Json, Status, settings

if TYPE_CHECKING:
    from evistore.kernel.doctor import Finding
    from evistore.kernel.settings import Settings

    Findings = dict[str, list[Finding]]


def add_to(app: typer.Typer) -> None:
    """Put the command into *app*."""
    app.command()(doctor)


def doctor(database_url: DatabaseUrl = None, *, json_: Json = False) -> None:
    """Look at databases, schema, storage, webhooks, brokers and clocks, and say what to do. Changes nothing.

    Run it with the settings and the login of the program. Ends with 0 when nothing is bad, else with 1; a warning is not bad.
    """
    from evistore.kernel.opening import unmigrated_url  # noqa: PLC0415

    chosen = settings(database_url=database_url)
    with unmigrated_url(chosen) as url:
        found = findings(chosen, url)
    typer.echo(_json(found) if json_ else "\n\n".join(_told(place, ones) for place, ones in found.items()))
    if any(one.state == "bad" for ones in found.values() for one in ones):
        raise typer.Exit(Status.FINDINGS)


def findings(chosen: Settings, url: str) -> Findings:
    """Everything that was found, by what was looked at: the database at *url*, a second one, a replica, Kafka."""
    from evistore.cli.migrating import places  # noqa: PLC0415
    from evistore.kernel.doctor import examination  # noqa: PLC0415
    from evistore.kernel.following import following  # noqa: PLC0415
    from evistore.kernel.lag import lag  # noqa: PLC0415
    from evistore.kernel.opening import located  # noqa: PLC0415

    every = places(url, located(chosen, "clusters_database_url"))
    names = ("database", "database of cluster evidence")
    found = {
        name: examination(one.url, one.contexts, engine=one.engine) for name, one in zip(names, every, strict=False)
    }
    if (replica := located(chosen, "read_database_url")) is not None:
        found["replica"] = [following(replica(), url)]
    topics = [(url, chosen.kafka_topics), (every[-1].url, [*chosen.kafka_report_topics, *chosen.kafka_workload_topics])]
    together = topics if every[1:] else [(url, topics[0][1] + topics[1][1])]
    told = [finding for place, names in together for finding in lag(chosen, place, names)]
    return found | ({"Kafka": list(dict.fromkeys(told))} if told else {})


def _told(place: str, ones: list[Finding]) -> str:
    width = max(len(one.name) for one in ones)
    return "\n".join([place, *(_line(one, width) for one in ones)])


def _line(one: Finding, width: int) -> str:
    head = f"  {one.state:<4}  {one.name:<{width}}  {one.found}"
    if one.state == "ok":
        return head
    indent = " " * (width + 10)
    return f"{head}\n{indent}{one.meaning}\n{indent}-> {one.advice}"


def _json(found: Findings) -> str:
    worst = max((("ok", "warn", "bad").index(one.state) for ones in found.values() for one in ones), default=0)
    rows = [{"place": place, **dataclasses.asdict(one)} for place, ones in found.items() for one in ones]
    return json.dumps({"state": ("ok", "warn", "bad")[worst], "findings": rows})
