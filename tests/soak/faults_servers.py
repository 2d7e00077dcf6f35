"""What goes wrong with servers: database and broker killed and restarted, no connections left, tables locked, a slow disk, receivers that refuse."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg

from fixtures.receiving import FINE
from soak.world import CONNECTIONS, World

NEWEST_BACKENDS = """
SELECT pid FROM pg_stat_activity WHERE usename = 'soak_program' ORDER BY state = 'active' DESC, state_change DESC LIMIT 3
"""
SLOW_DISK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static void wait_for_disk(void) { if (access(SLOW_FILE, F_OK) == 0) usleep(150000); }
int fsync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); wait_for_disk(); return real(fd); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); wait_for_disk(); return real(fd); }
"""


def disk_brake(folder: Path) -> Path | None:
    """A library that makes every write to disk of its process wait while the file `slow` stands beside it; `None` without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    folder.chmod(0o755)
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW_DISK.replace("SLOW_FILE", f'"{folder / "slow"}"'), "utf-8")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def database_killed(world: World, seconds: float, _: random.Random) -> None:
    world.server.kill()
    time.sleep(seconds / 4)
    world.server.stop()
    world.server.start()


def backend_killed(world: World, _: float, __: random.Random) -> None:
    """One that works for the program: the server starts all others anew."""
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        row = connection.execute(NEWEST_BACKENDS).fetchone()
    if row:
        with suppress(ProcessLookupError):
            os.kill(row[0], signal.SIGKILL)
    while True:
        with suppress(psycopg.OperationalError):
            psycopg.connect(world.server.url).close()
            return
        time.sleep(0.1)


def database_restarted(world: World, _: float, __: random.Random) -> None:
    world.server.stop()
    world.server.start()


def broker_killed(world: World, seconds: float, _: random.Random) -> None:
    with world.topics.losing(world.positions):
        world.broker.kill()
        time.sleep(seconds / 2)
        world.broker.start()


def no_connections(world: World, seconds: float, _: random.Random) -> None:
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


def locked(world: World, seconds: float, _: random.Random) -> None:
    """Somebody's long transaction: whoever reads or writes waits, and connections of the pools with them."""
    with psycopg.connect(world.server.url) as connection:
        connection.execute("SET lock_timeout = '5s'")
        with suppress(psycopg.OperationalError):
            connection.execute("LOCK TABLE cdviz.subject_state, public.report IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)


def slow_disk(world: World, seconds: float, _: random.Random) -> None:
    slow = world.folder / "slow"
    slow.touch()
    time.sleep(seconds)
    slow.unlink()


def backend_frozen(world: World, seconds: float, _: random.Random) -> None:
    """One that works for the program says nothing for a while, and keeps the locks that it has."""
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        rows = connection.execute(NEWEST_BACKENDS).fetchall()
    for (pid,) in rows:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for (pid,) in rows:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def receiver_refuses(world: World, seconds: float, _: random.Random) -> None:
    """A receiver of webhooks answers 500 for a while; another is not held up by it."""
    receiver = world.receivers["alone"]
    receiver.answer = lambda _: (500, {}, b"not now")
    time.sleep(seconds)
    receiver.answer = lambda _: FINE
