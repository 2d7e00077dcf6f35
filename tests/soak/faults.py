"""What goes wrong: each fault does something to the world, lasts for a while, and is taken back. Those of the network stand here."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import httpx

from fixtures.insights_messages import report_message
from soak.faults_programs import (
    Inflict,
    chore_killed,
    everything_killed,
    frozen,
    ingest_killed,
    killed,
    serve_frozen,
    stopped,
    stopped_while_stalled,
)
from soak.faults_servers import (
    backend_frozen,
    backend_killed,
    broker_killed,
    database_killed,
    database_restarted,
    locked,
    no_connections,
    receiver_refuses,
    slow_disk,
)
from soak.sent import CLUSTERS
from soak.world import World


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    inflict: Inflict
    possible: Callable[[World], bool] = lambda _: True


def cut(which: str, how: str) -> Inflict:
    def inflict(world: World, seconds: float, _: random.Random) -> None:
        proxy = world.to_database if which == "database" else world.to_broker
        getattr(proxy, how)()
        time.sleep(seconds)
        proxy.heal(cutting=how != "reset")

    return inflict


def crowd(world: World, seconds: float, _: random.Random) -> None:
    """The database is silent for longer than requests may take, and many more come meanwhile."""
    world.to_database.stall()
    until = time.monotonic() + max(seconds, 7.0)
    says_nothing = report_message(1, CLUSTERS[0], Report={}, Metrics={})

    def ask(number: int) -> None:
        with httpx.Client(base_url=world.url, timeout=20) as client:
            while time.monotonic() < until:
                with suppress(httpx.HTTPError):
                    if number % 3:
                        client.get(("/", "/api/delivery/v1/events")[number % 2])
                    else:
                        client.post("/insights/reports", content=says_nothing)

    with ThreadPoolExecutor(30) as crowd:
        list(crowd.map(ask, range(30)))
        world.to_database.heal()


def slow_network(world: World, seconds: float, _: random.Random) -> None:
    world.to_database.slow(0.1)
    time.sleep(seconds)
    world.to_database.heal(cutting=False)


def short_silence(world: World, seconds: float, _: random.Random) -> None:
    """Nothing is lost: what was held up goes on."""
    world.to_database.stall()
    time.sleep(seconds)
    world.to_database.heal(cutting=False)


def storm(world: World, seconds: float, _: random.Random) -> None:
    """Hundreds of clients that connect and say nothing, half a head, or half a body."""
    host, port = world.url.removeprefix("http://").split(":")
    head = b"POST /cdevents HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
    with ExitStack() as stack:
        for number in range(400):
            with suppress(OSError):
                one = stack.enter_context(socket.create_connection((host, int(port)), timeout=2))
                one.sendall((b"", head[: 40 + number % 40], head + b"\r\n" + b"[" * (number % 9))[number % 3])
        time.sleep(seconds)


FAULTS = (
    Fault("kill -9 serve", killed("serve")),
    Fault("kill -9 consume", killed("consume-1", "consume-2")),
    Fault("kill -9 deliver", killed("deliver")),
    Fault("kill -9 ingest", ingest_killed),
    Fault("kill -9 maintain, migrate, rebuild", chore_killed),
    Fault("SIGTERM serve", stopped("serve")),
    Fault("SIGTERM consume, deliver", stopped("consume-1", "consume-2", "deliver")),
    Fault("SIGTERM while the database is silent", stopped_while_stalled),
    Fault("consumer frozen", frozen),
    Fault("serve frozen", serve_frozen),
    Fault("everything killed at once", everything_killed),
    Fault("kill -9 database", database_killed),
    Fault("kill -9 backend", backend_killed),
    Fault("backends frozen", backend_frozen),
    Fault("restart database", database_restarted),
    Fault("database unreachable", cut("database", "refuse")),
    Fault("database connections reset", cut("database", "reset")),
    Fault("database silent, then cut", cut("database", "stall")),
    Fault("database silent for a while", short_silence),
    Fault("database silent, and a crowd", crowd),
    Fault("database's answers lost", cut("database", "swallow")),
    Fault("network to database slow", slow_network),
    Fault("kill -9 broker", broker_killed),
    Fault("broker unreachable", cut("broker", "refuse")),
    Fault("broker silent, then cut", cut("broker", "stall")),
    Fault("broker's answers lost", cut("broker", "swallow")),
    Fault("400 idle and half-sent connections", storm),
    Fault("max_connections used up", no_connections),
    Fault("tables locked, pools exhausted", locked),
    Fault("receiver refuses", receiver_refuses),
    Fault("slow disk", slow_disk, lambda world: world.brake is not None),
)
