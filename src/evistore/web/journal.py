"""What is told of every request: a line in the log, and a span where traces are made.

The line names the route by its template, and never what a query, a header or a body held. Every other line of the request has its names, too.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus

import structlog
from starlette.types import Message, Scope

from evistore.kernel import tracing
from evistore.kernel.tracing import Attributes, Span

QUIET = frozenset({"/health", "/ready", "/metrics"})
"""What is asked every few seconds by machines: told at level ``debug`` only, and without a span."""

log = structlog.get_logger(__name__)


class Entry:
    """What became of one request."""

    def __init__(self, span: Span) -> None:
        """Nothing was answered yet."""
        self._span = span
        self.status = 0
        self.bytes = 0
        self._code: str | None = None

    def sent(self, message: Message) -> None:
        """Note one message of the answer."""
        if message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
            return
        self.status = message["status"]
        if self.status >= HTTPStatus.BAD_REQUEST:
            self._code = next((value.decode() for name, value in message["headers"] if name == b"x-error-code"), None)

    def end(self, method: str, route: str, seconds: float) -> None:
        """Tell of it: what *route* (a template) answered to *method*, in *seconds*."""
        told = {} if self._code is None else {"code": self._code}
        level = _level(route, self.status)
        log.log(
            level, "request", method=method, route=route, status=self.status, seconds=round(seconds, 6), bytes=self.bytes, **told
        )  # fmt: skip
        if tracing.is_on():
            self._span.name(method if route == "none" else f"{method} {route}")
            self._span.set(_answered(route, self.status, self.bytes))
            if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self._span.fail(self._code or str(self.status))


@contextmanager
def told(scope: Scope, request_id: str) -> Generator[Entry]:
    """The entry of one request, whose log lines have its names meanwhile."""
    parent = tracing.parsed(next((value for name, value in scope["headers"] if name == b"traceparent"), None))
    names = {"request_id": request_id} | ({"trace_id": parent.trace} if parent else {})
    with structlog.contextvars.bound_contextvars(**names):
        if tracing.is_on() and scope["path"] not in QUIET:
            with tracing.span(scope["method"], "server", _asked(scope, request_id), parent=parent) as span:
                yield Entry(span)
        else:
            yield Entry(tracing.NOTHING)


def _level(route: str, status: int) -> int:
    if route in QUIET:
        return 10
    return 40 if status == HTTPStatus.INTERNAL_SERVER_ERROR else 30 if status > HTTPStatus.INTERNAL_SERVER_ERROR else 20


def _asked(scope: Scope, request_id: str) -> Attributes:
    told: dict[str, str | int] = {
        "http.request.method": scope["method"],
        "url.scheme": scope["scheme"],
        "url.path": scope["path"],
        "network.protocol.version": scope["http_version"],
        "evistore.request.id": request_id,
    }
    if scope.get("server"):
        told |= {"server.address": scope["server"][0], "server.port": scope["server"][1] or 0}
    return told


def _answered(route: str, status: int, size: int) -> Attributes:
    told: dict[str, str | int] = {"http.response.status_code": status, "http.response.body.size": size}
    return told if route == "none" else told | {"http.route": route}
