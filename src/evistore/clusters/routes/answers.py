"""Answers in the forms that clients know: compact JSON with sorted outer names and HTML characters escaped, and one newline at the end."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson

from evistore.clusters.scanner import is_json
from evistore.kernel.errors import Fault, Forbidden, NotFound, Rejected

JSON = b"application/json; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"
NO_TIME = "0001-01-01T00:00:00Z"
"""What clients expect in place of a moment that there is none of."""
_MOMENTS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
_INTERNAL = "Internal Server Error"
_STATUS_OF_CODE = {
    "body-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "identity-missing": HTTPStatus.UNAUTHORIZED,
    "identity-malformed": HTTPStatus.UNAUTHORIZED,
    "identity-incomplete": HTTPStatus.UNAUTHORIZED,
    "overloaded": HTTPStatus.SERVICE_UNAVAILABLE,
    "request-timeout": HTTPStatus.SERVICE_UNAVAILABLE,
}
_STATUS_OF_KIND: tuple[tuple[type[Fault], HTTPStatus], ...] = (
    (Rejected, HTTPStatus.BAD_REQUEST),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it goes over the wire."""

    body: bytes = b""
    status: int = HTTPStatus.OK
    media_type: bytes = JSON
    headers: Mapping[bytes, bytes] = field(default_factory=dict[bytes, bytes])


@dataclass(frozen=True, slots=True)
class Raw:
    """JSON text that is passed on as it is, escapes and all."""

    text: bytes


def ok(**members: Any) -> Answer:
    """The members and ``"status": "ok"``, unless they have a status of their own."""
    return Answer(document({"status": "ok", **members}))


def document(members: Mapping[str, Any]) -> bytes:
    """One object in the form of all answers: its own names sorted, those inside as they come."""
    return raw_object({name: members[name] for name in sorted(members)}).text + b"\n"


def raw_object(members: Mapping[str, Any]) -> Raw:
    """An object some of whose members are :class:`Raw`."""
    return Raw(b"{" + b",".join([compact(name) + b":" + compact(one) for name, one in members.items()]) + b"}")


def raw_list(items: Iterable[Any]) -> Raw:
    """A list some of whose items are :class:`Raw`."""
    return Raw(b"[" + b",".join([compact(one) for one in items]) + b"]")


def compact(value: Any) -> bytes:
    """The JSON text of *value* without white space, with ``<``, ``>``, ``&`` and two line separators escaped. Nothing inside may be :class:`Raw`.

    Moments (UTC, without zone) are told in whole seconds.
    """
    return value.text if isinstance(value, Raw) else escaped(orjson.dumps(value, option=_MOMENTS))


def escaped(text: bytes) -> bytes:
    """JSON *text* with the characters escaped that HTML or JavaScript would read otherwise; they stand only inside its strings."""
    text = text.replace(b"&", b"\\u0026").replace(b"<", b"\\u003c").replace(b">", b"\\u003e")
    if b"\xe2\x80" in text:
        text = text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    return text


def details(template_data: str) -> Raw:
    """The details of a hit: byte for byte where they are JSON, else base64 of their bytes."""
    text = template_data.encode()
    return Raw(text) if is_json(text) else Raw(b'"' + base64.b64encode(text) + b'"')


def seconds(moment: datetime | None) -> str:
    """The *moment* (UTC, without zone) in whole seconds."""
    return NO_TIME if moment is None else moment.isoformat(timespec="seconds") + "Z"


def fraction(moment: datetime | None) -> str:
    """The *moment* (UTC, without zone) with its fraction of a second, if it has one, without zeros at the end."""
    if moment is None:
        return NO_TIME
    return moment.isoformat().rstrip("0") + "Z" if moment.microsecond else seconds(moment)


def nullable(moment: datetime | None) -> dict[str, Any]:
    """The *moment* (UTC, without zone) as an object that says whether there is one."""
    return {"Time": fraction(moment), "Valid": moment is not None}


def refusal(fault: Fault, *, away: int = HTTPStatus.INTERNAL_SERVER_ERROR) -> Answer:
    """The answer to *fault*: its sentence is the status; a header has its code. What goes wrong inside is told without its reason.

    *away* is the HTTP status while the database does not answer.
    """
    status = _STATUS_OF_CODE.get(fault.code) or next(
        (one for kind, one in _STATUS_OF_KIND if isinstance(fault, kind)), away
    )
    text = _INTERNAL if status == HTTPStatus.INTERNAL_SERVER_ERROR else fault.message
    return Answer(document({"status": text}), status, headers={b"x-error-code": fault.code.encode()})


def internal() -> Answer:
    """The answer to a fault of our own."""
    headers = {b"x-error-code": b"internal-error"}
    return Answer(document({"status": _INTERNAL}), HTTPStatus.INTERNAL_SERVER_ERROR, headers=headers)


def missing(*parts: object, sign: str = "/") -> NotFound:
    """The fault that nothing stands under the id made of *parts*."""
    return NotFound(f"Item with ID {sign.join(map(str, parts))} was not found in the storage", code="not-found")
