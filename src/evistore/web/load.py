"""Load for a server of our own, over keep-alive connections, one request at a time on each: requests/s, p50 and p99, and the server's memory.

Requests are made before the clock starts. The client shares the machine.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

SERVER = """
from evistore.app import serve
from evistore.kernel.logs import configure
from evistore.kernel.settings import Settings
configure("json")  # as in production: what is measured writes its line for each request, to nobody
serve(Settings(_env_file=None), started=lambda url: print(url, flush=True))
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run showed; latencies in milliseconds."""

    requests: int
    seconds: float
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
        """Send *request* and start its clock."""
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


def run(port: int, pid: int, every: Sequence[bytes], *, concurrency: int) -> Load:
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
    p50, p99 = (round(latencies[int(share * (len(latencies) - 1))] * 1000, 2) for share in (0.5, 0.99))
    return Load(
        len(every),
        seconds,
        p50,
        p99,
        peak_megabytes(pid),
        round(busy / seconds, 2),
        dict(statuses),
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
def server(settings: dict[str, str]) -> Generator[tuple[int, int]]:
    """Port and process id of a server with *settings*; it writes its log, but nobody reads it.

    Raises:
        RuntimeError: it does not start; with what it says.
    """
    environment = os.environ | {"EVISTORE_HTTP_PORT": "0"} | settings
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", SERVER], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            told = process.stdout.readline() if process.stdout else ""
            if not told:
                log.seek(0)
                raise RuntimeError(log.read().decode(errors="replace"))
            yield int(told.rsplit(":", 1)[1]), process.pid
        finally:
            process.terminate()
