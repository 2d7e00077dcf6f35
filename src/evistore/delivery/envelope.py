"""CloudEvents around a CDEvent: attributes are read and compared, and the event's own words always count.

Real senders fill the envelope carelessly (an id of its own, no subject, the time of sending), so a difference is noted
and nothing is refused for it; only an envelope that is no CloudEvent is. Why this is not left to the SDK:
docs/decisions/0005-cloudevents-decoding.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn, cast
from urllib.parse import unquote_to_bytes

from evistore.delivery.remarks import Reason, object_in
from evistore.kernel.documents import Document, member, read
from evistore.kernel.errors import Rejected

REQUIRED = ("id", "source", "type", "specversion")
HTTP_PREFIX = "ce-"
KAFKA_PREFIX = "ce_"

Attributes = Mapping[str, str]

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_JSON = re.compile(r"(?:application|text)/(?:[\w!#$&^.+-]+\+)?json")
_COMPARED = (("id", "id"), ("source", "source"), ("type", "type"))


def media_type(header: str | None) -> str:
    """The media type of a Content-Type header in lower case without its parameters; empty when there is none."""
    return header.partition(";")[0].strip().lower() if header else ""


def is_json(media: str) -> bool:
    """Whether *media*, a media type in lower case, is JSON; an absent one is taken as such."""
    return not media or media == "application/json" or _JSON.fullmatch(media) is not None


def http_attributes(headers: Mapping[str, str]) -> Attributes:
    """The attributes in *headers*, whose names are in lower case.

    Raises:
        Rejected: ``broken-cloudevent``.
    """
    start = len(HTTP_PREFIX)
    attributes = {name[start:]: _decoded(value) for name, value in headers.items() if name.startswith(HTTP_PREFIX)}
    return _checked(attributes)


def kafka_attributes(headers: Sequence[tuple[str, bytes | None]]) -> Attributes:
    """The attributes in *headers*, whose names are in lower case; Kafka carries UTF-8 as it is.

    Raises:
        Rejected: ``broken-cloudevent``.
    """
    start = len(KAFKA_PREFIX)
    named = ((name[start:], value) for name, value in headers if name.startswith(KAFKA_PREFIX))
    try:
        return _checked({name: value.decode() for name, value in named if value})
    except UnicodeDecodeError:
        raise _broken("a header is not UTF-8") from None


def looks_structured(value: object) -> bool:
    """Whether *value* is shaped like a CloudEvent that carries its event, and not like a CDEvent."""
    if not isinstance(value, dict):
        return False
    members = cast("dict[str, Any]", value)
    return "specversion" in members and "context" not in members and ("data" in members or "data_base64" in members)


def unwrapped(document: Document) -> tuple[Attributes, Document]:
    """The attributes and the event of a CloudEvent in the JSON format.

    Raises:
        Rejected: ``broken-cloudevent``, ``no-data``, ``unsupported-media-type`` for data that is not JSON, or a code of
            :func:`documents.read`.
    """
    members: dict[str, Any] = document.value
    if members.__class__ is not dict:
        raise _broken("a CloudEvent is a JSON object")
    attributes = _checked(dict(_text_attributes(members)))
    media = media_type(attributes.get("datacontenttype"))
    if not is_json(media):
        raise Rejected(f"the CloudEvent carries {media}, not JSON", code="unsupported-media-type")
    return attributes, _data(document.text, members)


def differences(attributes: Attributes, event: object) -> tuple[Reason, ...]:
    """Where the envelope says something else than *event*, or leaves out what the CDEvents binding asks for."""
    if not isinstance(event, dict):
        return ()
    return tuple(_differences(attributes, cast("dict[str, Any]", event)))


def _differences(attributes: Attributes, event: dict[str, Any]) -> Iterator[Reason]:
    context, subject = object_in(event, "context"), object_in(event, "subject")
    for attribute, name in _COMPARED:
        if attributes[attribute] != context.get(name):
            yield Reason(f"/context/{name}", f"the envelope's {attribute} differs")
    told = attributes.get("subject")
    if told != subject.get("id"):
        yield Reason("/subject/id", "the envelope's subject differs" if told else "the envelope has no subject")
    time = attributes.get("time")
    if time != context.get("timestamp") and (time is None or not _same_moment(time, context.get("timestamp"))):
        yield Reason("/context/timestamp", "the envelope's time differs" if time else "the envelope has no time")


def _same_moment(one: str, other: object) -> bool:
    try:
        return isinstance(other, str) and _moment(one) == _moment(other)
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text_attributes(members: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The attributes among *members*; null means unset. Extensions of other types are none of our business."""
    for name, value in members.items():
        if isinstance(value, str) and name not in ("data", "data_base64"):
            yield name, value
        elif value is not None and (name in REQUIRED or name in ("datacontenttype", "subject", "time")):
            raise _broken(f"{name} is no string")


def _data(text: str, members: dict[str, Any]) -> Document:
    plain, encoded = members.get("data"), members.get("data_base64")
    if plain is not None and encoded is not None:
        raise _broken("data and data_base64 stand together")
    if encoded is not None:
        return read(_from_base64(encoded))
    found = member(text, "data") if plain is not None else None
    if found is None:
        raise Rejected("the CloudEvent carries no data", code="no-data")
    return Document(found, plain)


def _from_base64(encoded: object) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else _not_base64()
    except ValueError:
        _not_base64()


def _not_base64() -> NoReturn:
    raise _broken("data_base64 is no base64")


def _decoded(value: str) -> str:
    """The attribute that an HTTP header value stands for: unquoted, then percent-decoded once."""
    if '"' in value:
        value = _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), value)
    if "%" not in value and value.isascii():
        return value
    try:
        # Servers hand header bytes on as Latin-1: what is not ASCII is put back to bytes before they are read as UTF-8.
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError:
        raise _broken("a header is not percent-encoded UTF-8") from None


def _checked(attributes: dict[str, str]) -> Attributes:
    for name in REQUIRED:
        if not attributes.get(name):
            raise _broken(f"{name} is missing or empty")
    if attributes["specversion"] != "1.0":
        raise _broken(f"specversion is {attributes['specversion'][:20]!r}")
    return attributes


def _broken(what: str) -> Rejected:
    return Rejected(f"not a CloudEvent: {what}", code="broken-cloudevent")
