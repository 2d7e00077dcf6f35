"""What machines ask about a process that serves no HTTP otherwise: ``/live``, ``/ready``, ``/metrics`` on a port of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Lock, Thread
from typing import Any

import structlog
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from evistore.kernel.errors import Fault, Misconfigured, Unavailable
from evistore.kernel.workers import Stop

Check = Callable[[], None]
"""Raises a fault that says why not."""

STANDS_STILL_SECONDS = 300.0
"""A loop that has not turned for so long is stuck. Kafka's own bound: it gives the partitions of such a process to others."""

_LOG = structlog.get_logger(__name__)
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0


class Pulse:
    """When a loop turned last. For any thread."""

    def __init__(self, most: float = STANDS_STILL_SECONDS) -> None:
        """It turns now, and has to within *most* seconds each time."""
        self._most = most
        self.beat()

    def beat(self) -> None:
        """It turned."""
        self._at = time.monotonic()

    def check(self) -> None:
        """Nothing, while it turns.

        Raises:
            Unavailable: it has not for too long.
        """
        still = time.monotonic() - self._at
        if still > self._most:
            raise Unavailable(f"the process has stood still for {still:.0f} s", code="standing-still")


def wait_for(ready: Check, stop: Stop, turned: Callable[[str | None], None] = lambda _: None) -> bool:
    """Wait until *ready* has nothing to say; false when *stop* came first. Why it waits is logged once.

    *turned* hears before each attempt why the one before failed: its code, or ``None``.

    Raises:
        Misconfigured: no waiting mends it.
    """
    told: str | None = None
    pause = _FIRST_PAUSE_SECONDS
    while not stop():
        turned(told)
        try:
            ready()
        except Unavailable as fault:
            if fault.code != told:
                _LOG.warning("waiting", code=fault.code, why=fault.message)
            told = fault.code
            _rest(pause, stop)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        else:
            if told:
                _LOG.info("going-on")
            return True
    return False


@contextmanager
def watching(ready: Check) -> Generator[Callable[[], None]]:
    """Let a thread say in the log why the process cannot work yet, until it can. Yields what ends it before."""
    ended = Event()
    thread = Thread(target=_watch, args=(ready, ended), name="watch", daemon=True)
    thread.start()
    try:
        yield ended.set
    finally:
        ended.set()


def _watch(ready: Check, ended: Event) -> None:
    try:
        wait_for(ready, ended.is_set)
    except Misconfigured as fault:
        _LOG.error("not-ready", code=fault.code, why=fault.message)  # it is told in full


def _rest(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, 0.2))


@contextmanager
def answering(port: int, *, live: Check, ready: Check) -> Generator[None]:
    """Answer on *port* of all addresses meanwhile, unless it is 0.

    Raises:
        Misconfigured: somebody else listens there.
    """
    if not port:
        yield
        return
    try:
        server = _Server(port, {"/live": live, "/ready": _one_by_one(ready)})
    except OSError as error:
        raise Misconfigured(
            f"cannot listen on port {port} (EVISTORE_METRICS_PORT): {error.strerror}", code="http-address"
        ) from error
    thread = Thread(target=server.serve_forever, args=(0.1,), name="probes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _one_by_one(check: Check) -> Check:
    """The same; however many ask, the database is asked by one of them at a time."""
    alone = Lock()

    def checked() -> None:
        with alone:
            check()

    return checked


class _Server(ThreadingMixIn, TCPServer):  # not HTTPServer, which asks for the names of all addresses first
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, checks: dict[str, Check]) -> None:
        super().__init__(("", port), _Handler)
        self._checks = checks

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # so it is called
        """A caller that is gone is no news; whatever else it is, the next one is answered."""
        _LOG.debug("probe-failed", caller=str(client_address), exc_info=True)

    def answer(self, path: str, accepted: str | None) -> tuple[HTTPStatus, str, bytes]:
        """Status, media type and body."""
        if path == "/metrics":
            encode, media_type = choose_encoder(accepted or "")
            return HTTPStatus.OK, media_type, encode(REGISTRY)
        if path not in self._checks:
            return _told(HTTPStatus.NOT_FOUND, {"code": "not-found"})
        try:
            self._checks[path]()
        except Fault as fault:
            return _told(HTTPStatus.SERVICE_UNAVAILABLE, {"code": fault.code, "detail": fault.message})
        return _told(HTTPStatus.OK, {})


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody else makes one
    timeout = 10

    def do_GET(self) -> None:
        """Answer, and close the connection."""
        status, media_type, body = self.server.answer(self.path.partition("?")[0], self.headers.get("Accept"))
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # so it is called above
        """Say nothing: machines ask every few seconds."""


def _told(status: HTTPStatus, more: dict[str, str]) -> tuple[HTTPStatus, str, bytes]:
    good = status == HTTPStatus.OK
    document = {"status": "ok"} if good else {"title": status.phrase, "status": status.value, **more}
    return status, "application/json" if good else "application/problem+json", json.dumps(document).encode()
