"""Everything that runs: database, broker, receivers, the program in all its roles, behind proxies that can break; and all of it is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from evistore.kernel.embedded import embedded
from fixtures.brokers import Broker, free_ports, tansu
from fixtures.commands import PROGRAM, environment, evistore
from fixtures.receiving import Receiver, receiving
from fixtures.releasing import COMMAND, Release
from soak.proxy import Proxy
from soak.topics import PARTITIONS, Topics

GROUP = "soak"
CONNECTIONS = 70
SETTINGS = {"fsync": "on", "shared_buffers": "64MB", "max_connections": str(CONNECTIONS), "log_lock_waits": "on"}
LOGINS = {"soak_program": "evistore_service", "soak_collector": "cdviz_collector", "soak_reader": "cdviz_reader"}
OPTIONS = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "500", "topic.metadata.refresh.interval.ms": "1000"}


class Server:
    """The database server of one folder, which can be killed and started again."""

    def __init__(self, folder: Path, brake: Path | None) -> None:
        self._folder, self._brake = folder, brake
        self._stack = ExitStack()
        self.url = ""

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(parse_qs(urlsplit(self.url).query)["host"][0]) / ".s.PGSQL.5432"

    def start(self) -> None:
        """Run and take connections."""
        before = os.environ.get("LD_PRELOAD")
        if self._brake is not None:
            os.environ["LD_PRELOAD"] = str(self._brake)
        try:
            self.url = self._stack.enter_context(embedded(self._folder, settings=SETTINGS))
        finally:
            if self._brake is not None:
                os.environ.pop("LD_PRELOAD") if before is None else os.environ.update(LD_PRELOAD=before)

    def stop(self) -> None:
        """End in order; what is open is rolled back. One that was killed is no error."""
        self._stack.close()

    def kill(self) -> None:
        """End its first process at once."""
        trace = self._folder / "postgresql" / "postmaster.pid"
        os.kill(int(trace.read_text().split()[0]), signal.SIGKILL)


@dataclass
class Role:
    """One process of the program that is to run all the time."""

    name: str
    words: list[str]
    settings: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    highest: int = 0
    """Kilobytes of memory that it had at most."""

    def start(self) -> None:
        """Run; does not wait until it works."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *self.words],
                env=environment(**self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self, seconds: float) -> int | None:
        """Its status, if it ends in so many seconds."""
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(seconds)
        return None

    def measure(self) -> None:
        """Note how much memory it has."""
        if self.process is not None and self.process.poll() is None:
            with suppress(OSError, StopIteration):
                lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
                told = next(line for line in lines if line.startswith("VmRSS:"))
                self.highest = max(self.highest, int(told.split()[1]))


@dataclass
class World:
    """What runs, and how to reach it."""

    folder: Path
    server: Server
    broker: Broker
    to_database: Proxy
    to_broker: Proxy
    topics: Topics
    receivers: dict[str, Receiver] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    url: str = ""
    """Of HTTP."""
    files: list[subprocess.Popen[bytes]] = field(default_factory=list)
    chore: subprocess.Popen[bytes] | None = None
    """The command that an operator runs, or ran last."""
    release: Release | None = None
    """The one that the database was migrated to in the middle, where it was."""
    expected: set[str] = field(default_factory=set)
    """The roles that are just being killed or stopped."""
    deaths: list[str] = field(default_factory=list)
    brake: Path | None = None

    def database(self, user: str, *, straight: bool = False) -> str:
        """The URL of the database for a login, through the proxy unless *straight*."""
        if straight:
            return self.server.url.replace("user=postgres", f"user={user}")
        return f"postgresql://{user}@127.0.0.1:{self.to_database.port}/evistore?sslmode=disable"

    def ask(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """What the database answers, past the proxy, as its administrator."""
        with psycopg.connect(self.server.url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query, parameters or None).fetchall()

    def positions(self) -> dict[tuple[str, int], int]:
        """How far the consumers have stored."""
        rows = self.ask(
            "SELECT topic, partition, next_offset FROM evistore.consumer_position WHERE consumer = %s", GROUP
        )
        return {(str(topic), int(str(number))): int(str(offset)) for topic, number, offset in rows}

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        """A command of the program as an operator runs it, through the proxy; ended with the world. Whoever migrates takes the newest release."""
        settings = {"database_url": self.database("soak_program"), "log_format": "json"}
        program, variables = [str(PROGRAM)], environment(**settings)
        if self.release is not None and words[0] == "migrate":
            program, variables = COMMAND, variables | self.release.environment
        with (self.folder / "commands.log").open("ab") as log:
            process = subprocess.Popen(
                [*program, *words], env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.files = [one for one in self.files if one.poll() is None] + [process]
        return process

    def watch(self, ended: threading.Event) -> None:
        """Measure memory, and note and restart whoever gave up by itself, until *ended*."""
        while not ended.wait(0.25):
            for role in self.roles.values():
                role.measure()
                status = role.process.poll() if role.process else None
                if status is not None and role.name not in self.expected:
                    self.deaths.append(f"{role.name} ended with status {status}: {last_words(role.log)}")
                    role.start()


def last_words(log: Path) -> str:
    """The end of a log."""
    return log.read_bytes()[-600:].decode(errors="replace")


@contextmanager
def world(folder: Path, brake: Path | None) -> Iterator[World]:
    """Everything, running; nothing of it is left afterwards."""
    with ExitStack() as stack:
        server = Server(folder / "database", brake)
        stack.callback(server.stop)
        server.start()
        to_database = stack.enter_context(Proxy(server.socket))
        kafka = folder / "broker"
        kafka.mkdir()
        (port,) = free_ports(1)
        to_broker = stack.enter_context(Proxy(("127.0.0.1", port)))
        broker = tansu(kafka, port, advertised=to_broker.port)
        stack.callback(broker.kill)
        broker.start()
        topics = Topics(broker, f"127.0.0.1:{to_broker.port}")
        topics.create()
        one = World(folder, server, broker, to_database, to_broker, topics, brake=brake)
        stack.callback(_end, one)
        _prepare(one)
        for name in ("alone", "lists"):
            one.receivers[name] = stack.enter_context(receiving())
        _subscribe(one)
        _begin(one)
        yield one


def _prepare(one: World) -> None:
    done = evistore("migrate", "--engine", "native", settings={"database_url": one.server.url})
    assert done.returncode == 0, done.stderr
    with psycopg.connect(one.server.url, autocommit=True) as connection:
        for login, group in LOGINS.items():
            statement = sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}")
            connection.execute(statement.format(sql.Identifier(login), sql.Identifier(group)))


def _subscribe(one: World) -> None:
    """A webhook that gets each event alone, and one that gets some of them in lists."""
    settings = {"database_url": one.server.url}
    filters = ["--batch", "20", "--subject", "service", "--subject", "artifact", "--subject", "change"]
    for name, more in (("alone", []), ("lists", filters)):
        done = evistore("webhooks", "add", name, one.receivers[name].url, *more, "--after", "0", settings=settings)
        assert done.returncode == 0, done.stderr


def _begin(one: World) -> None:
    http, metrics = free_ports(2)
    one.url = f"http://127.0.0.1:{http}"
    common = {"database_url": one.database("soak_program"), "log_format": "json", "webhook_seconds": "1"}
    kafka = {
        "kafka_brokers": f"127.0.0.1:{one.to_broker.port}",
        "kafka_group": GROUP,
        "kafka_options": json.dumps(OPTIONS),
        **{f"kafka_{what}topics": name for what, name in zip(("", "report_", "workload_"), PARTITIONS, strict=True)},
    }
    own: dict[str, dict[str, str]] = defaultdict(dict, {"serve": {"http_port": str(http), "http_request_seconds": "5"}})
    own["consume-1"], own["consume-2"] = kafka | {"metrics_port": str(metrics)}, kafka
    for name in ("serve", "consume-1", "consume-2", "deliver"):
        one.roles[name] = Role(name, [name.partition("-")[0]], common | own[name], one.folder / f"{name}.log")
        one.roles[name].start()


def _end(one: World) -> None:
    processes = [role.process for role in one.roles.values() if role.process] + one.files
    for process in processes:
        if process.poll() is None:
            process.kill()
    for process in processes:
        process.wait()
