"""Spans by OpenTelemetry: the only place that knows it (docs/decisions/0015-observability.md)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from threading import Thread
from typing import Any

import psycopg
import structlog
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from evistore.kernel.statements import name_of
from evistore.kernel.tracing import Attributes, Kind, Place

_KINDS: Mapping[Kind, SpanKind] = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "consumer": SpanKind.CONSUMER,
    "internal": SpanKind.INTERNAL,
}
_MOST_LINKS = 128
_LAST_WORDS_SECONDS = 3.0


class OpenTelemetry:
    """Makes spans and sends them by OTLP over HTTP, as ``OTEL_…`` say."""

    def __init__(self, role: str) -> None:
        """Name the service for *role*, unless the environment does."""
        own = Resource({"service.name": f"evistore-{role}", "service.version": version("evistore")})
        self._provider = TracerProvider(
            resource=Resource.create().merge(own).merge(OTELResourceDetector().detect()), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("evistore", version("evistore"))
        self.cursor = _cursor(self._tracer)

    @contextmanager
    def span(
        self, name: str, kind: Kind, attributes: Attributes, parent: Place | None, links: Iterable[Place]
    ) -> Generator[_Told]:
        """A span for the block, whose log lines name it, too."""
        above = trace.set_span_in_context(NonRecordingSpan(_context(parent))) if parent else None
        linked = [Link(_context(one)) for one in islice(links, _MOST_LINKS)]
        made = self._tracer.start_span(name, above, _KINDS[kind], attributes, linked)
        told = _Told(made)
        token = context.attach(trace.set_span_in_context(made))
        try:
            with structlog.contextvars.bound_contextvars(trace_id=told.place.trace, span_id=told.place.span):
                yield told
        except Exception as error:
            told.fail(getattr(error, "code", type(error).__qualname__))
            raise
        finally:
            context.detach(token)
            made.end()

    def here(self) -> Place | None:
        """The place of the span around the caller."""
        found = trace.get_current_span().get_span_context()
        return _place(found) if found.is_valid else None

    def end(self) -> None:
        """Send what was not sent yet; a collector that does not answer is given up after three seconds."""
        last_words = Thread(target=self._provider.shutdown, daemon=True)
        last_words.start()
        last_words.join(_LAST_WORDS_SECONDS)


def _cursor(tracer: trace.Tracer) -> type[psycopg.Cursor[Any]]:
    """A cursor that makes spans of named statements, below other spans only: what a process asks by itself is no trace."""

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **more: Any) -> Any:
            name = name_of(query)
            if name is None or not trace.get_current_span().is_recording():
                return super().execute(query, *arguments, **more)
            told = {"db.system.name": "postgresql", "db.query.summary": name}
            with tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=told):
                return super().execute(query, *arguments, **more)

    return Cursor


class _Told:
    """A span, as the program sees it."""

    def __init__(self, made: trace.Span) -> None:
        self._made = made
        self.place = _place(made.get_span_context())

    def name(self, name: str) -> None:
        self._made.update_name(name)

    def set(self, attributes: Attributes) -> None:
        self._made.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        self._made.set_attribute("error.type", kind)
        self._made.set_status(Status(StatusCode.ERROR))


def _context(place: Place) -> SpanContext:
    return SpanContext(int(place.trace, 16), int(place.span, 16), is_remote=True, trace_flags=TraceFlags(place.flags))


def _place(found: SpanContext) -> Place:
    return Place(f"{found.trace_id:032x}", f"{found.span_id:016x}", int(found.trace_flags))
