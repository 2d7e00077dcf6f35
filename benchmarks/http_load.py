"""How fast events go in over HTTP, each answered only after its commit: events/s, p50 and p99, and the server's memory.

Starts a server of its own on the embedded PostgreSQL in a temporary directory (or on `--dsn`, a migrated database that it fills) and sends it a
generated history over keep-alive connections, one request at a time on each: first single events, then batches. The client shares the machine.

    python benchmarks/http_load.py [--events N] [--concurrency 64] [--batch 100] [--writers 2] [--dsn URL] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from evistore.delivery.history import batches, history

SERVER = """
from evistore.app import serve
from evistore.kernel.settings import Settings
serve(Settings(_env_file=None), started=lambda url: print(url, flush=True))
"""


@dataclass(slots=True)
class Figures:
    """What one run showed; latencies in milliseconds."""

    requests: int
    events: int
    events_per_s: float
    p50_ms: float
    p99_ms: float
    server_rss_mb: float
    server_cpu_share: float
    statuses: dict[int, int]


@dataclass(slots=True)
class Connection:
    """One keep-alive connection with one request under way."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.setblocking(True)
        self.socket.sendall(request)
        self.socket.setblocking(False)

    def status(self) -> int | None:
        """The status of the answer once all of it is here."""
        self.received += self.socket.recv(1 << 20)
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(self.received) < end + 4 + length:
            return None
        self.received.clear()
        return int(head[9:12])


def requests(bodies: Iterable[bytes]) -> list[bytes]:
    """Whole requests, made before the clock starts."""
    head = (
        b"POST /cdevents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    )
    return [head % (len(body), body) for body in bodies]


def run(port: int, pid: int, every: list[bytes], *, events: int, concurrency: int) -> Figures:
    """Send *every* request, *concurrency* at a time."""
    selector = selectors.DefaultSelector()
    left = iter(every)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    started, cpu = time.perf_counter(), cpu_seconds(pid)
    for request in islice(left, concurrency):
        connection = Connection(socket.create_connection(("127.0.0.1", port)))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(request)
    while len(latencies) < len(every):
        for key, _ in selector.select(30):
            connection = key.data
            status = connection.status()
            if status is not None:
                latencies.append(time.perf_counter() - connection.sent_at)
                statuses[status] += 1
                if request := next(left, None):
                    connection.send(request)
    seconds, busy = time.perf_counter() - started, cpu_seconds(pid) - cpu
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    latencies.sort()
    at = [round(latencies[int(share * (len(latencies) - 1))] * 1000, 2) for share in (0.5, 0.99)]
    return Figures(
        len(every), events, round(events / seconds), *at, peak_megabytes(pid), round(busy / seconds, 2), dict(statuses)
    )


def peak_megabytes(pid: int) -> float:
    """The most memory the process has ever held."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


def cpu_seconds(pid: int) -> float:
    """What the process has used of the processors."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(settings: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Port and process id of a server with *settings*."""
    environment = os.environ | {"EVISTORE_HTTP_PORT": "0"} | settings
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rsplit(":", 1)[1]), process.pid
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast events go in over HTTP.")
    parser.add_argument("--events", type=int, default=40_000, help="events sent one by one; as many again in batches")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--batch-concurrency", type=int, default=8)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--validation", default="mark")
    parser.add_argument("--dsn", help="a migrated database; default: the embedded PostgreSQL, empty")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    texts = history(events=2 * options.events, until=datetime.now(UTC), seed=time.time_ns())
    single = requests(text.encode() for text in islice(texts, options.events))
    batched = requests(f"[{','.join(batch)}]".encode() for batch in batches(texts, options.batch))
    with tempfile.TemporaryDirectory(prefix="evistore-") as folder:
        settings = {"EVISTORE_HTTP_WRITERS": str(options.writers), "EVISTORE_VALIDATION": options.validation}
        settings |= {"EVISTORE_DATABASE_URL": options.dsn} if options.dsn else {"EVISTORE_DATA_DIRECTORY": folder}
        with server(settings) as (port, pid):
            figures = {
                "single": run(port, pid, single, events=options.events, concurrency=options.concurrency),
                "batched": run(port, pid, batched, events=options.events, concurrency=options.batch_concurrency),
            }
    for name, one in figures.items():
        if not options.json:
            told = f"{one.events_per_s:,.0f} events/s, p50 {one.p50_ms} ms, p99 {one.p99_ms} ms"
            print(
                f"{name}: {told}, server {one.server_rss_mb} MB, {one.server_cpu_share} cores, statuses {one.statuses}"
            )
    if options.json:
        print(json.dumps({name: asdict(one) for name, one in figures.items()}))


if __name__ == "__main__":
    main()
