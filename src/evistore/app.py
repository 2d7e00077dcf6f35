"""The only place where things meet: settings, database, HTTP application, consumer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass

from evistore import clusters, delivery
from evistore.clusters import topics as cluster_topics
from evistore.clusters.consuming import rules_of
from evistore.clusters.doors import doors as cluster_doors
from evistore.clusters.routes.inbox import Inbox as ReportInbox
from evistore.contexts import CONTEXTS
from evistore.delivery import DELIVERY, routes_feed
from evistore.delivery.delivering import METRICS as WEBHOOK_METRICS
from evistore.delivery.delivering import deliver, delivering
from evistore.delivery.doors import doors
from evistore.delivery.ingest import Item, Receipt, kafka_handler
from evistore.delivery.routes_ingest import Inbox, work
from evistore.delivery.standing import Standing
from evistore.kernel import consumer, tracing
from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured
from evistore.kernel.messages import Route
from evistore.kernel.opening import located, opened
from evistore.kernel.outbox import sending
from evistore.kernel.probes import Pulse, answering, watching
from evistore.kernel.readiness import readiness
from evistore.kernel.replica import Replica
from evistore.kernel.settings import Settings
from evistore.kernel.workers import Stop, signals
from evistore.web.access import Access, check_exposure
from evistore.web.application import Life, Part, application
from evistore.web.group_commit import GroupCommit
from evistore.web.health import Ready
from evistore.web.health import Replica as ReplicaState
from evistore.web.pages import Place
from evistore.web.server import Started, listen
from evistore.web.shell import Limits, Shell
from evistore.web.telemetry import Telemetry
from evistore.web.tls import Certificate


@dataclass(frozen=True, slots=True)
class Databases:
    """Where the evidence is; both may be the same database."""

    delivery: Database
    clusters: Database

    def reading_from(self, replica: Replica | None) -> Databases:
        """The same, whose readers ask *replica*, which is one of the database of delivery evidence."""
        if replica is None:
            return self
        first = self.delivery.reading_from(replica)
        return Databases(first, first if self.clusters is self.delivery else self.clusters)

    def readiness(self) -> Ready:
        """A check that each of them answers and that its schema serves this release."""
        if self.clusters is self.delivery:
            return readiness(self.delivery, CONTEXTS)
        checks = [readiness(self.delivery, delivery.CONTEXTS), readiness(self.clusters, clusters.CONTEXTS)]

        def check() -> None:
            for one in checks:
                one()

        return check


@contextmanager
def databases(settings: Settings, *, name: str) -> Generator[Databases]:
    """The databases of *settings*, opened; the embedded one is brought to this release's schema. *name* is shown in ``pg_stat_activity``."""
    place = located(settings, "clusters_database_url")
    if place is None:
        with opened(settings, CONTEXTS, name=name) as database:
            yield Databases(database, database)
        return
    with (
        opened(settings, delivery.CONTEXTS, name=name) as database,
        Database(place, size=settings.database_pool_size, name=name) as second,
    ):
        yield Databases(database, second)


PLACES = (
    Place("Overview", "/", "o"),
    Place("Services", "/services", "s"),
    Place("Pipelines", "/pipelines", "p"),
    Place("Artifacts", "/artifacts", "a"),
    Place("Clusters", "/clusters", "c"),
    Place("Events", "/events", "e"),
)
"""The places of the top bar."""


def http_application(settings: Settings, found: Database | Databases, replica: Replica | None = None) -> Shell:
    """The HTTP application on the databases *found*, which stay the caller's to close, as does the *replica* that pages and REST read from."""
    places = found if isinstance(found, Databases) else Databases(found, found)
    readers = places.reading_from(replica)
    telemetry = Telemetry()
    for one in (Standing(places.delivery), *WEBHOOK_METRICS):
        telemetry.registry.register(one)
    if replica is not None:
        telemetry.follow(replica.standing)
    return application(
        [
            _inbox(settings, places.delivery, telemetry),
            *doors(Access.of(settings), settings.validation),
            routes_feed.part(places.delivery, settings.feed_streams),
            *cluster_doors(settings, readers.clusters),
            ReportInbox(
                places.clusters, rules_of(settings), access=Access.of(settings), limit=settings.http_body_limit
            ).part(),
        ],
        database=readers.delivery,
        ready=places.readiness(),
        limits=Limits(settings.http_body_limit, settings.http_request_seconds),
        telemetry=telemetry,
        places=PLACES,
        replica=lambda: replica and ReplicaState(**asdict(replica.standing())),
    )


@contextmanager
def reading(settings: Settings, primary: Database) -> Generator[Replica | None]:
    """The replica of *primary* that *settings* name, looked after; ``None`` where they name none."""
    place, most = located(settings, "read_database_url"), settings.read_lag_seconds
    if place is None:
        yield None
        return
    with Replica(place, primary, most_seconds=most, size=settings.database_pool_size, name="evistore serve") as replica:
        yield replica


def serve(settings: Settings, *, started: Started = lambda _: None) -> None:
    """Serve HTTP until SIGTERM or SIGINT, then finish what was begun. For the main thread.

    *started* hears the URL once it takes connections. An external database is not migrated: until somebody does, ``/ready`` says so.

    Raises:
        Misconfigured: the address is taken, or can be reached by others without credentials; or the certificate does not fit.
        Unavailable: the embedded database does not start in time.
    """
    check_exposure(settings)
    certificate = Certificate.of(settings)
    with ExitStack() as stack:
        stack.enter_context(tracing.traced("serve"))
        found = stack.enter_context(databases(settings, name="evistore serve"))
        replica = stack.enter_context(reading(settings, found.delivery))
        shell = http_application(settings, found, replica)
        shell.also_ends(stack.enter_context(watching(found.readiness())))
        if settings.webhooks:
            shell.also_ends(stack.enter_context(delivering(found.delivery, settings.webhook_seconds)))
        listen(
            shell,
            host=settings.http_host,
            port=settings.http_port,
            drain_seconds=settings.http_request_seconds,
            leaving_seconds=settings.http_leaving_seconds,
            certificate=certificate,
            started=started,
        )


def deliver_webhooks(settings: Settings, stop: Stop | None = None) -> None:
    """Serve the webhooks until *stop* says so; without it, until SIGTERM or SIGINT. Any number of processes may."""
    pulse = Pulse()
    with (
        tracing.traced("deliver"),
        opened(settings, delivery.CONTEXTS, name="evistore deliver") as database,
        signals(stop) as told,
        answering(settings.metrics_port, live=pulse.check, ready=readiness(database, delivery.CONTEXTS)),
    ):
        deliver(database, settings.webhook_seconds, told, turned=pulse.beat)


def consume(settings: Settings, stop: Stop | None = None) -> None:
    """Store what arrives on the topics of *settings* until *stop* says so; without it, until SIGTERM or SIGINT.

    Raises:
        Misconfigured: the settings do not fit, or the database or the broker refuses for good.
    """
    events = dict.fromkeys(settings.kafka_topics, Route(DELIVERY.name, kafka_handler(settings.validation)))
    _check_each_once([*settings.kafka_topics, *settings.kafka_report_topics, *settings.kafka_workload_topics])
    with ExitStack() as stack:
        messages = stack.enter_context(cluster_topics.routes(settings))
        stack.enter_context(tracing.traced("consume"))
        found = stack.enter_context(databases(settings, name="evistore consume"))
        told = stack.enter_context(signals(stop))
        broken = stack.enter_context(sending(settings, found.clusters))
        together: consumer.Readings = (
            [(found.delivery, events | messages)]
            if found.clusters is found.delivery
            else [(found.delivery, events), (found.clusters, messages)]
        )
        consumer.consume(settings, together, lambda: broken() or told(), found.readiness())


def _check_each_once(topics: list[str]) -> None:
    twice = sorted(topic for topic, number in Counter(topics).items() if number > 1)
    if twice:
        raise Misconfigured(
            f"a topic has messages of one kind, and is named once: {', '.join(twice)}", code="kafka-topics"
        )


def _inbox(settings: Settings, database: Database, telemetry: Telemetry) -> Part:
    """The door for events, with the writers behind it."""
    commits: GroupCommit[Item, Receipt] = GroupCommit(
        database, work(settings.validation), writers=settings.http_writers, observe=telemetry.commit
    )
    telemetry.waiting.set_function(lambda: commits.waiting)
    inbox = Inbox(
        commits,
        access=Access.of(settings),
        mode=settings.validation,
        limit=settings.http_body_limit,
        telemetry=telemetry,
    )
    return inbox.part(_life(commits))


def _life(commits: GroupCommit[Item, Receipt]) -> Life:
    @asynccontextmanager
    async def life() -> AsyncGenerator[None]:
        commits.start()
        try:
            yield
        finally:
            await asyncio.to_thread(commits.stop)

    return life
