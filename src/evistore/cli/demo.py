"""``evistore demo``: everything at once, on a generated history."""

from __future__ import annotations

import os
import signal
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.terminal import progress, settings, table

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from evistore.clusters.demo import Figures as ClusterFigures
    from evistore.clusters.demo import Fleet
    from evistore.delivery.demo import Figures, Story
    from evistore.kernel.database import Database
    from evistore.kernel.settings import Settings

    Found = tuple[Figures, ClusterFigures]

_PATIENCE_SECONDS = 60.0


def add_to(app: typer.Typer) -> None:
    """Put the command into *app*."""
    app.command()(demo)


class _Watch:
    """How long each step took."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        began = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - began))


def demo(
    services: Annotated[int, typer.Option(min=1, help="Services of the generated platform.")] = 200,
    days: Annotated[int, typer.Option(min=1, help="Days of history.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = 7,
    data_directory: Annotated[
        Path | None, typer.Option(help="Where the embedded PostgreSQL keeps its data. [EVISTORE_DATA_DIRECTORY]")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [EVISTORE_HTTP_PORT]")] = None,
    *,
    clusters: Annotated[int, typer.Option(min=1, help="Clusters of the generated fleet.")] = 300,
    exit_: Annotated[
        bool, typer.Option("--exit", help="Do everything, ask the server once, print a summary and end.")
    ] = False,
) -> None:
    """Start a database, store a generated history, and serve it: the two minutes that show what this is.

    Uses the embedded PostgreSQL, never a database that the settings name. What is stored already is not stored again.
    """
    from evistore.clusters.demo import figures as cluster_figures  # noqa: PLC0415
    from evistore.clusters.demo import until_now  # noqa: PLC0415
    from evistore.contexts import CONTEXTS  # noqa: PLC0415
    from evistore.delivery.demo import figures, told_until_now  # noqa: PLC0415
    from evistore.kernel.logs import configure  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(data_directory=data_directory, http_port=port, log_format="console", log_level="warning")
    chosen = chosen.model_copy(update={"database_url": None, "clusters_database_url": None, "http_host": "127.0.0.1"})
    configure(chosen.log_format, chosen.log_level)
    watch = _Watch()
    with ExitStack() as stack:
        with watch.step("start PostgreSQL and migrate"):
            database = stack.enter_context(opened(chosen, CONTEXTS, name="evistore demo"))
        _say(f"PostgreSQL is up; its data are in {chosen.data_directory}")
        with watch.step("store the history"):
            _store(database, told_until_now(seed=seed, services=services, days=days))
        with watch.step("store the reports"):
            _store_reports(database, until_now(seed=seed, clusters=clusters, days=days))
        with watch.step("count"):
            found = figures(database), cluster_figures(database)
        _serve(chosen, found, watch, once=exit_)
    if exit_:
        _say("", _summary(found), "", table(watch.steps, header=("step", "seconds")))


def _store(database: Database, wanted: Story) -> None:
    from evistore.delivery.demo import begun, store  # noqa: PLC0415

    story, events = begun(database, wanted)
    if events is not None:
        _say(f"The history is there already: {events:,} events ({story.name})")
        return
    _say(f"A history of about {story.expected:,} events is stored ({story.name})")
    began = time.monotonic()
    with progress("Storing events", story.expected) as bar:
        tally = store(database, story, bar.count)
    seconds = time.monotonic() - began
    _say(f"{tally.total:,} events in {seconds:.1f} s, {tally.total / seconds:,.0f}/s")


def _store_reports(database: Database, wanted: Fleet) -> None:
    from evistore.clusters.demo import begun, store  # noqa: PLC0415

    fleet, messages = begun(database, wanted)
    if messages is not None:
        _say(f"The reports are there already: {messages:,} messages ({fleet.name})")
        return
    _say(f"About {fleet.expected:,} messages of clusters are stored ({fleet.name})")
    began = time.monotonic()
    with progress("Storing messages", fleet.expected) as bar:
        outcomes = store(database, fleet, bar.count)
    seconds, messages = time.monotonic() - began, outcomes.total()
    _say(f"{messages:,} messages in {seconds:.1f} s, {messages / seconds:,.0f}/s")


def _serve(chosen: Settings, found: Found, watch: _Watch, *, once: bool) -> None:
    from evistore import app  # noqa: PLC0415

    def started(url: str) -> None:
        if once:
            visitor.start()
            urls.append(url)
        else:
            _say(_where_to_look(url, found, chosen))

    urls: list[str] = []
    failures: list[Exception] = []
    visitor = threading.Thread(target=_visit, args=(urls, failures, watch), daemon=True)
    try:
        app.serve(chosen, started=started)
    except Misconfigured as fault:
        if fault.code != "http-address" or chosen.http_port == 0:
            raise
        _say(f"Port {chosen.http_port} is taken; another one is used")
        app.serve(chosen.model_copy(update={"http_port": 0}), started=started)
    if failures:
        raise Unavailable(f"the server did not answer: {failures[0]}", code="demo-server") from failures[0]


def _visit(urls: list[str], failures: list[Exception], watch: _Watch) -> None:
    """Ask the server what a visitor would ask first, then end it."""
    try:
        while not urls:
            time.sleep(0.01)
        for path in ("/health", "/ready", "/"):
            with watch.step(f"GET {path}"), urllib.request.urlopen(urls[0] + path, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310  # our own address
                answer.read()
                _say(f"GET {urls[0]}{path}: {answer.status}")
    except OSError as error:
        failures.append(error)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def _where_to_look(url: str, found: Found, chosen: Settings) -> str:
    here = "" if chosen.data_directory == Path(".evistore") else f"EVISTORE_DATA_DIRECTORY={chosen.data_directory} "
    program = f"{here}.venv/bin/evistore" if Path(".venv/bin/evistore").exists() else f"{here}evistore"
    return f"""
{_summary(found)}

Look at {url}/ and at {url}/clusters/{found[1].example or ""} (for programs, {url}/openapi.json).
Ctrl-C ends the server; the data stay. Try in another terminal:

  {program} events --limit 5
  {program} show {found[0].example or "SUBJECT"}
  curl '{url}/api/delivery/v1/running?environment=prod-eu'
"""


def _summary(found: Found) -> str:
    return f"{_of_delivery(found[0])}\n\n{_of_clusters(found[1])}"


def _of_clusters(found: ClusterFigures) -> str:
    every = [(one.name, one.clusters, one.recommendations, _minute(one.newest)) for one in found.organizations]
    total = ("together", sum(row[1] for row in every), sum(row[2] for row in every), "")
    told = (("resolved recommendations", found.resolved), ("faulty messages", found.faulty))
    return "\n\n".join(
        [
            table([*every, total], header=("organisation", "clusters", "recommendations", "newest report (UTC)")),
            table(told, header=("of clusters", "number")),
        ]
    )


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _of_delivery(found: Figures) -> str:
    subjects = [(one.name, one.events, one.subjects, one.invalid) for one in found.subjects]
    total = (
        "all",
        sum(one.events for one in found.subjects),
        sum(one.subjects for one in found.subjects),
        sum(one.invalid for one in found.subjects),
    )
    places = [(one.name, one.services, _minute(one.newest)) for one in found.environments]
    aside = [(one.name, one.messages) for one in found.quarantine] or [("nothing", 0)]
    return "\n\n".join(
        [
            table([*subjects, total], header=("subject", "events", "subjects", "invalid")),
            table(places, header=("environment", "services run", "newest since (UTC)")),
            table(aside, header=("in quarantine", "messages")),
        ]
    )


def _say(*lines: str) -> None:
    for line in lines:
        typer.echo(line)
