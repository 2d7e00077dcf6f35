"""What goes wrong: each fault does something to the world, lasts for a while, and is taken back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from soak.world import CONNECTIONS, World

Inflict = Callable[[World, float, random.Random], None]
STATUS_SECONDS = 45
SLOW_DISK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static void wait_for_disk(void) { if (access(SLOW_FILE, F_OK) == 0) usleep(150000); }
int fsync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); wait_for_disk(); return real(fd); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); wait_for_disk(); return real(fd); }
"""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    inflict: Inflict
    """Does it, lets it last for so many seconds, and takes it back."""
    possible: Callable[[World], bool] = lambda _: True


def slow_library(folder: Path) -> Path | None:
    """A library that makes every write to disk of its process wait while the file `slow` stands beside it; `None` without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    folder.chmod(0o755)
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW_DISK.replace("SLOW_FILE", f'"{folder / "slow"}"'), "utf-8")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def _killed(*names: str) -> Inflict:
    def inflict(world: World, _: float, dice: random.Random) -> None:
        name = dice.choice(names)
        world.expected.add(name)
        role = world.roles[name]
        role.signal(signal.SIGKILL)
        role.ended(10)
        role.start()
        world.expected.discard(name)

    return inflict


def _stopped(*names: str) -> Inflict:
    """Told to stop, it ends by itself, and with status 0."""

    def inflict(world: World, _: float, dice: random.Random) -> None:
        name = dice.choice(names)
        world.expected.add(name)
        role = world.roles[name]
        role.signal(signal.SIGTERM)
        if (status := role.ended(STATUS_SECONDS)) != 0:
            world.deaths.append(f"{name} told to stop: {'no end' if status is None else f'status {status}'}")
            role.signal(signal.SIGKILL)
            role.ended(10)
        role.start()
        world.expected.discard(name)

    return inflict


def _stopped_while_stalled(world: World, seconds: float, dice: random.Random) -> None:
    world.to_database.stall()
    time.sleep(seconds / 4)
    name = dice.choice(["serve", "consume-1", "consume-2", "deliver"])
    world.expected.add(name)
    role = world.roles[name]
    role.signal(signal.SIGTERM)
    role.ended(seconds)
    world.to_database.heal()
    if role.ended(STATUS_SECONDS) is None:
        world.deaths.append(f"{name} told to stop while the database was silent: no end {STATUS_SECONDS} s after that")
        role.signal(signal.SIGKILL)
        role.ended(10)
    role.start()
    world.expected.discard(name)


def _frozen(world: World, seconds: float, dice: random.Random) -> None:
    """Longer than its group waits for it: another takes its partitions, and it wakes up with a batch that is not its own any more."""
    role = world.roles[dice.choice(["consume-1", "consume-2"])]
    role.signal(signal.SIGSTOP)
    time.sleep(max(seconds, 8.0))
    role.signal(signal.SIGCONT)


def _ingest_killed(world: World, seconds: float, _: random.Random) -> None:
    """As soon as one reads a file."""
    give_up = time.monotonic() + 4 * seconds
    while time.monotonic() < give_up:
        running = [one for one in world.files if one.poll() is None and "ingest" in map(str, _words(one))]
        if running:
            time.sleep(0.7)
            with suppress(ProcessLookupError):
                running[-1].kill()
            return
        time.sleep(0.05)


def _words(process: subprocess.Popen[bytes]) -> list[object]:
    return list(process.args) if isinstance(process.args, list) else []


def _database_killed(world: World, seconds: float, _: random.Random) -> None:
    world.server.kill()
    time.sleep(seconds / 4)
    world.server.stop()
    world.server.start()


def _backend_killed(world: World, _: float, __: random.Random) -> None:
    """One that works for the program: the server starts all others anew."""
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'soak_program' ORDER BY state_change DESC LIMIT 1"
        ).fetchone()
    if row:
        with suppress(ProcessLookupError):
            os.kill(row[0], signal.SIGKILL)
    while True:
        with suppress(psycopg.OperationalError):
            psycopg.connect(world.server.url).close()
            return
        time.sleep(0.1)


def _database_restarted(world: World, _: float, __: random.Random) -> None:
    world.server.stop()
    world.server.start()


def _broker_killed(world: World, seconds: float, _: random.Random) -> None:
    with world.topics.losing(world.positions):
        world.broker.kill()
        time.sleep(seconds / 2)
        world.broker.start()


def _cut(which: str, how: str) -> Inflict:
    def inflict(world: World, seconds: float, _: random.Random) -> None:
        proxy = world.to_database if which == "database" else world.to_broker
        getattr(proxy, how)()
        time.sleep(seconds)
        proxy.heal(cutting=how != "reset")

    return inflict


def _slow_network(world: World, seconds: float, _: random.Random) -> None:
    world.to_database.slow(0.1)
    time.sleep(seconds)
    world.to_database.heal(cutting=False)


def _short_silence(world: World, seconds: float, _: random.Random) -> None:
    """Nothing is lost: what was held up goes on."""
    world.to_database.stall()
    time.sleep(seconds)
    world.to_database.heal(cutting=False)


def _storm(world: World, seconds: float, _: random.Random) -> None:
    """Hundreds of clients that connect and say nothing, half a head, or half a body."""
    host, port = world.url.removeprefix("http://").split(":")
    head = b"POST /cdevents HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
    with ExitStack() as stack:
        for number in range(400):
            with suppress(OSError):
                one = stack.enter_context(socket.create_connection((host, int(port)), timeout=2))
                one.sendall((b"", head[: 40 + number % 40], head + b"\r\n" + b"[" * (number % 9))[number % 3])
        time.sleep(seconds)


def _no_connections(world: World, seconds: float, _: random.Random) -> None:
    """All that the server gives to ordinary logins are taken by somebody else."""
    until = time.monotonic() + seconds
    with ExitStack() as stack:
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError):
                for _number in range(CONNECTIONS):
                    url = world.database("soak_reader", straight=True)
                    stack.enter_context(psycopg.connect(url, autocommit=True))
            # Those that others leave are taken, too.
            world.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'soak_program' AND state = 'idle'"
            )
            time.sleep(0.3)


def _locked(world: World, seconds: float, _: random.Random) -> None:
    """Somebody's long transaction: whoever reads or writes waits, and connections of the pools with them."""
    with psycopg.connect(world.server.url) as connection:
        connection.execute("SET lock_timeout = '5s'")
        with suppress(psycopg.OperationalError):
            connection.execute("LOCK TABLE cdviz.subject_state, public.report IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)


def _slow_disk(world: World, seconds: float, _: random.Random) -> None:
    slow = world.folder / "slow"
    slow.touch()
    time.sleep(seconds)
    slow.unlink()


FAULTS = (
    Fault("kill -9 serve", _killed("serve")),
    Fault("kill -9 consume", _killed("consume-1", "consume-2")),
    Fault("kill -9 deliver", _killed("deliver")),
    Fault("kill -9 ingest", _ingest_killed),
    Fault("SIGTERM serve", _stopped("serve")),
    Fault("SIGTERM consume, deliver", _stopped("consume-1", "consume-2", "deliver")),
    Fault("SIGTERM while the database is silent", _stopped_while_stalled),
    Fault("consumer frozen", _frozen),
    Fault("kill -9 database", _database_killed),
    Fault("kill -9 backend", _backend_killed),
    Fault("restart database", _database_restarted),
    Fault("database unreachable", _cut("database", "refuse")),
    Fault("database connections reset", _cut("database", "reset")),
    Fault("database silent, then cut", _cut("database", "stall")),
    Fault("database silent for a while", _short_silence),
    Fault("database's answers lost", _cut("database", "swallow")),
    Fault("network to database slow", _slow_network),
    Fault("kill -9 broker", _broker_killed),
    Fault("broker unreachable", _cut("broker", "refuse")),
    Fault("broker silent, then cut", _cut("broker", "stall")),
    Fault("broker's answers lost", _cut("broker", "swallow")),
    Fault("400 idle and half-sent connections", _storm),
    Fault("max_connections used up", _no_connections),
    Fault("tables locked, pools exhausted", _locked),
    Fault("slow disk", _slow_disk, lambda world: world.library is not None),
)
