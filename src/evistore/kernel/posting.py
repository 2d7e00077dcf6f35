"""HTTP requests to strangers: bounded in time and in what is read of the answer, and never led elsewhere.

The only place that knows the HTTP client (docs/decisions/0012-webhooks.md).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, TimeoutError  # noqa: A004  # of the client, and told as our own
from urllib3.util import parse_url

from evistore.kernel.errors import Rejected

_MOST = 4096
"""Bytes of an answer that are read."""
_EXCERPT = 200
"""Characters of it that are told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request."""

    status: int | None
    """HTTP status; ``None`` when there was no answer."""
    text: str
    """The beginning of the answer, or why there was none; one line, printable."""
    retry_after: float | None = None
    """Seconds for which the receiver asks to wait; not negative."""

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  # the class of HTTP statuses


class Poster:
    """Sends requests to one URL, over one connection while that lasts. For one thread."""

    def __init__(self, url: str, seconds: float) -> None:
        """Send to *url*, ``http`` or ``https``; each request may take *seconds*, with its answer.

        Raises:
            Rejected: it is no URL that can be sent to.
        """
        self._seconds = seconds
        try:
            self._target = parse_url(url).request_uri
            self._pool: Any = urllib3.connection_from_url(url, maxsize=1, retries=False, timeout=seconds)
        except (HTTPError, ValueError) as error:
            raise Rejected("this is no URL that can be sent to", code="webhook-url") from error
        self._connection: HTTPConnection | None = None
        self._pool.ConnectionCls = self._remembered(self._pool.ConnectionCls)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What the receiver says to *body*. Nothing is raised for what a receiver may do, or a network."""
        with self._bounded() as late:
            try:
                response: urllib3.HTTPResponse = self._pool.urlopen(
                    "POST",
                    self._target,
                    body=body,
                    headers={"Accept-Encoding": "identity", **headers},
                    redirect=False,
                    preload_content=False,
                    decode_content=False,
                )
            except (HTTPError, OSError) as error:
                return (
                    self._late() if late.is_set() or isinstance(error, TimeoutError) else Answer(None, _reason(error))
                )
            if late.is_set():  # the head was cut off, which the client takes for its end
                response.close()
                return self._late()
            return Answer(response.status, _excerpt(response), _wait(response.headers))

    def _late(self) -> Answer:
        return Answer(None, f"no answer within {self._seconds:g} s")

    def _remembered(self, kind: type[HTTPConnection]) -> type[HTTPConnection]:
        poster = self

        class Remembered(kind):  # pyright: ignore[reportUntypedBaseClass]  # whichever of the two
            def connect(self) -> None:
                poster._connection = self
                super().connect()

        return Remembered

    @contextmanager
    def _bounded(self) -> Generator[threading.Event]:
        """Cut the connection when the time is over: the client's own time limit begins anew with every byte that comes."""
        done, late = threading.Event(), threading.Event()

        def watch() -> None:
            if not done.wait(self._seconds):
                late.set()
                while not done.is_set():
                    self._cut()
                    done.wait(0.2)  # a connection that was just being made has no socket yet

        threading.Thread(target=watch, name="posting-watch", daemon=True).start()
        try:
            yield late
        finally:
            done.set()

    def _cut(self) -> None:
        held = self._connection.sock if self._connection is not None else None
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


def _excerpt(response: urllib3.HTTPResponse) -> str:
    """The beginning of the answer; one that is read to its end leaves the connection for the next request."""
    found = b""
    with suppress(HTTPError, OSError):
        while len(found) < _MOST and (piece := response.read(_MOST - len(found))):
            found += piece
        if not response.read(1):
            return _line(found)
    response.close()
    return _line(found)


def _line(text: bytes) -> str:
    told = "".join(one if one.isprintable() else " " for one in text.decode("utf-8", "replace"))
    return " ".join(told.split())[:_EXCERPT]


def _reason(error: Exception) -> str:
    """Why there was no answer, as briefly as it can be said."""
    inner = error
    while isinstance(inner, HTTPError) and inner.args and isinstance(inner.args[-1], Exception):
        inner = inner.args[-1]
    return _line(f"{type(error).__name__}: {inner}".encode("utf-8", "replace"))


def _wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that a ``Retry-After`` asks for: a number, or a date, counted from the ``Date`` beside it, so that nobody's clock matters."""
    given = headers.get("Retry-After")
    if given is None:
        return None
    if given.strip().isdecimal():
        return float(given.strip()[:9])
    at, sent_at = _moment(given), _moment(headers.get("Date")) or datetime.now(UTC)
    return None if at is None else max(0.0, (at - sent_at).total_seconds())


def _moment(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
