"""Traces: where a request comes from (W3C Trace Context), and spans for OpenTelemetry where the environment asks for them.

Nobody but :mod:`evistore.kernel.spans` knows OpenTelemetry, and that is imported only then. Without it a span is nothing, and costs nothing.
Places in a trace are told as in the header ``traceparent``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Literal, NamedTuple, Protocol

import structlog

Kind = Literal["server", "client", "consumer", "internal"]
Attributes = Mapping[str, str | int | float | bool]

_LOG = structlog.get_logger(__name__)
_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


class Place(NamedTuple):
    """A place in a trace."""

    trace: str
    """32 hexadecimal digits."""
    span: str
    """16 of them."""
    flags: int

    @property
    def header(self) -> str:
        """The value of ``traceparent``."""
        return f"00-{self.trace}-{self.span}-{self.flags:02x}"


class Span(Protocol):
    """One piece of work that lasts as long as its block."""

    @property
    def place(self) -> Place | None:
        """Where others find it; ``None`` where no traces are made."""
        ...

    def name(self, name: str) -> None:
        """Call it otherwise: what it was became known later."""
        ...

    def set(self, attributes: Attributes) -> None:
        """Tell more of it."""
        ...

    def fail(self, kind: str) -> None:
        """It failed by *kind*, a short word."""
        ...


class Spans(Protocol):
    """What makes spans."""

    def span(
        self, name: str, kind: Kind, attributes: Attributes, parent: Place | None, links: Iterable[Place]
    ) -> AbstractContextManager[Span]:
        """A span for the block, below *parent*, or below the span around it where that is ``None``."""
        ...

    def here(self) -> Place | None:
        """The place of the span around the caller."""
        ...

    @property
    def cursor(self) -> type[Any]:
        """A cursor of the database's driver that makes a span of each statement."""
        ...

    def end(self) -> None:
        """Send what was not sent yet, within seconds."""
        ...


class _Nothing:
    place = None

    def name(self, name: str) -> None: ...

    def set(self, attributes: Attributes) -> None: ...

    def fail(self, kind: str) -> None: ...


NOTHING: Span = _Nothing()
"""The span of those who make none."""
_NOWHERE = nullcontext(NOTHING)
_made: list[Spans] = []


def is_on() -> bool:
    """Whether spans are made in this process."""
    return bool(_made)


def span(
    name: str, kind: Kind, attributes: Attributes, *, parent: Place | None = None, links: Iterable[Place] = ()
) -> AbstractContextManager[Span]:
    """A span for the block where traces are made, else nothing; *links* is not looked at then. An exception fails it and goes on."""
    return _made[-1].span(name, kind, attributes, parent, links) if _made else _NOWHERE


def here() -> Place | None:
    """The place of the span around the caller; ``None`` where there is none."""
    return _made[-1].here() if _made else None


def cursor() -> type[Any] | None:
    """The kind of cursor that connections to the database need so that their statements are seen; ``None`` where no traces are made."""
    return _made[-1].cursor if _made else None


def parsed(header: str | bytes | None) -> Place | None:
    """The place that a ``traceparent`` names; ``None`` for what is none."""
    text = header.decode("latin-1") if isinstance(header, bytes) else header or ""
    found = _PARENT.fullmatch(text)
    if found is None or found[1] == "ff" or (found[1] == "00" and found[5]):
        return None
    place = Place(found[2], found[3], int(found[4], 16))
    return place if int(place.trace, 16) and int(place.span, 16) else None


@contextmanager
def traced(role: str) -> Generator[None]:
    """Make spans meanwhile where the environment asks for them (``OTEL_…``); *role* (``serve``) names the service ``evistore-serve``.

    Where the environment asks and the extra ``otel`` is not installed, a line in the log says so, and nothing else happens.
    """
    if not _asked(os.environ):
        yield
        return
    try:  # half a second that only those wait who asked for it
        from evistore.kernel.spans import OpenTelemetry  # noqa: PLC0415
    except ImportError:
        _LOG.warning("traces-missing", why="OTEL_… asks for traces, and evistore[otel] is not installed")
        yield
        return
    _check_protocol(os.environ)
    made = OpenTelemetry(role)
    _made.append(made)
    try:
        yield
    finally:
        _made.remove(made)
        made.end()


def _asked(environment: Mapping[str, str]) -> bool:
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporters = {one.strip() for one in environment.get("OTEL_TRACES_EXPORTER", "").split(",")}
    if "none" in exporters:
        return False
    return "otlp" in exporters or any(environment.get(name) for name in _ENDPOINTS)


def _check_protocol(environment: Mapping[str, str]) -> None:
    told = next((environment[name] for name in _PROTOCOLS if environment.get(name)), "http/protobuf")
    if told != "http/protobuf":
        _LOG.warning(
            "traces-protocol", asked=told, spoken="http/protobuf", why="the endpoint has to be one of OTLP over HTTP"
        )
