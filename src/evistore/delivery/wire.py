"""Bytes to events: CloudEvents over HTTP and Kafka in every mode, bare CDEvents, and documents of files.

An event's text is the sender's own, cut out of the list or envelope it came in and never written anew: the same event
has the same numbers, and so the same digest, through every door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from evistore.delivery import envelope
from evistore.delivery.remarks import Reason
from evistore.delivery.validation import Verdict, judge
from evistore.kernel.documents import UNSTORABLE, Document, elements, read
from evistore.kernel.errors import Rejected

Mode = Literal["binary", "structured", "batch", "bare"]

_STRUCTURED = "application/cloudevents"
_BATCH = "application/cloudevents-batch"
_UNLABELLED = Reason("", "came in a CloudEvent that was not labelled as one")


@dataclass(frozen=True, slots=True)
class Event:
    """One JSON document that the database can hold, probably a CDEvent.

    ``text`` goes to the database; ``document`` is its value, of any JSON type. ``verdict`` is ``None`` when nobody asked
    for one. ``notes`` tell what was odd about the way it came.
    """

    text: str
    document: object
    verdict: Verdict | None = None
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that cannot be stored as an event: to be quarantined under ``code``."""

    code: str
    message: str
    raw: bytes


Decode = Callable[[bytes], Event]


class Decoder(Protocol):
    """How the bytes of one event are read."""

    def __call__(self, *, judged: bool) -> Decode:
        """Read events, with a verdict on each when *judged*."""
        ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one HTTP request carried, in order; ``batch`` when it was a list, of any length."""

    events: list[Event | Malformed]
    batch: bool
    mode: Mode


def decode_http(headers: Mapping[str, str], body: bytes, *, judged: bool = True) -> Decoded:
    """The events of one HTTP request.

    What is JSON but cannot be stored comes as :class:`Malformed`, and so does whatever is wrong in one element of a list.

    Raises:
        Rejected: ``unsupported-media-type`` (415); any other code (400) when the body is no JSON or the envelope no
            CloudEvent.
    """
    named = {name.lower(): value for name, value in headers.items()}
    media = envelope.media_type(named.get("content-type"))
    if media.startswith(_BATCH):
        _require(media == f"{_BATCH}+json", media)
        return Decoded(_list(body, _structured, judged=judged), batch=True, mode="batch")
    if media.startswith(_STRUCTURED):
        _require(media == f"{_STRUCTURED}+json", media)
        return Decoded([_single(body, _structured(judged=judged))], batch=False, mode="structured")
    _require(envelope.is_json(media), media)
    if any(name.startswith(envelope.HTTP_PREFIX) for name in named):
        decode = _enveloped(envelope.http_attributes(named), judged=judged)
        return Decoded([_single(body, decode)], batch=False, mode="binary")
    if _is_list(body):
        return Decoded(_list(body, _bare, judged=judged), batch=True, mode="bare")
    return Decoded([_single(body, _bare(judged=judged))], batch=False, mode="bare")


def decode_kafka(
    headers: Sequence[tuple[str, bytes | None]], value: bytes | None, *, judged: bool = True
) -> list[Event | Malformed]:
    """The events of one Kafka message: one, or those of a list. Never raises; a tombstone is malformed."""
    raw = value or b""
    try:
        return _of_kafka([(name.lower(), header) for name, header in headers], raw, judged=judged)
    except Rejected as error:
        return [Malformed(error.code, error.message, raw)]


def decode_text(raw: bytes, *, judged: bool = True) -> Event | Malformed:
    """The event of one document of a file. Never raises."""
    return _attempt(raw, _bare(judged=judged))


def _of_kafka(headers: list[tuple[str, bytes | None]], raw: bytes, *, judged: bool) -> list[Event | Malformed]:
    told = dict(headers).get("content-type") or b""
    media = envelope.media_type(told.decode("latin-1"))
    if media.startswith(_BATCH):
        return _list(raw, _structured, judged=judged)
    if media.startswith(_STRUCTURED):
        _require(media == f"{_STRUCTURED}+json", media)
        return [_attempt(raw, _structured(judged=judged))]
    if any(name.startswith(envelope.KAFKA_PREFIX) for name, _ in headers):
        _require(envelope.is_json(media), media)
        return [_attempt(raw, _enveloped(envelope.kafka_attributes(headers), judged=judged))]
    return _list(raw, _bare, judged=judged) if _is_list(raw) else [_attempt(raw, _bare(judged=judged))]


def _bare(*, judged: bool) -> Decode:
    """Documents without an envelope; a CloudEvent that nobody labelled is opened all the same."""

    def decode(raw: bytes) -> Event:
        document = read(raw)
        if envelope.looks_structured(document.value):
            return _opened(document, (_UNLABELLED,), judged=judged)
        return _event(document, (), judged=judged)

    return decode


def _structured(*, judged: bool) -> Decode:
    """CloudEvents in the JSON format."""
    return lambda raw: _opened(read(raw), (), judged=judged)


def _enveloped(attributes: envelope.Attributes, *, judged: bool) -> Decode:
    """Documents whose CloudEvents attributes travelled beside them."""

    def decode(raw: bytes) -> Event:
        document = read(raw)
        return _event(document, envelope.differences(attributes, document.value), judged=judged)

    return decode


def _opened(outer: Document, notes: tuple[Reason, ...], *, judged: bool) -> Event:
    attributes, document = envelope.unwrapped(outer)
    return _event(document, (*notes, *envelope.differences(attributes, document.value)), judged=judged)


def _event(document: Document, notes: tuple[Reason, ...], *, judged: bool) -> Event:
    return Event(document.text, document.value, judge(document.value) if judged else None, notes)


def _list(raw: bytes, decoder: Decoder, *, judged: bool) -> list[Event | Malformed]:
    """Every element of the list *raw* by itself: a broken one costs no other."""
    decode = decoder(judged=judged)
    return [_attempt(element, decode) for element in elements(raw)]


def _single(raw: bytes, decode: Decode) -> Event | Malformed:
    """The one event of *raw*; what is not even JSON, or no CloudEvent, is refused rather than kept."""
    try:
        return decode(raw)
    except Rejected as error:
        if error.code not in UNSTORABLE:
            raise
        return Malformed(error.code, error.message, raw)


def _attempt(raw: bytes, decode: Decode) -> Event | Malformed:
    try:
        return decode(raw)
    except Rejected as error:
        return Malformed(error.code, error.message, raw)


def _is_list(raw: bytes) -> bool:
    return raw.lstrip(b" \t\r\n").startswith(b"[")


def _require(acceptable: bool, media: str) -> None:  # noqa: FBT001  # reads as a sentence where it is called
    if not acceptable:
        message = f"{media[:100]!r} is not taken: send application/json, application/cloudevents+json or its batch"
        raise Rejected(message, code="unsupported-media-type")
