"""What goes wrong, as the caller sees it: ``application/problem+json`` (RFC 9457) with a stable ``code`` and never a stack trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from evistore.kernel.errors import Fault, Forbidden, Misconfigured, NotFound, Rejected, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1

_STATUS_OF_KIND: Sequence[tuple[type[Fault], int]] = (
    (Rejected, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Unavailable, 503),
    (Misconfigured, 500),
)
_STATUS_OF_CODE = {
    "batch-too-long": 413,
    "body-too-large": 413,
    "credentials-missing": 401,
    "credentials-wrong": 401,
    "content-encoding-unknown": 415,
    "unsupported-media-type": 415,
    "request-slow": 408,
}
_CODE_OF_STATUS = {
    400: "request-invalid",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    422: "request-invalid",
    500: "internal-error",
}
# Misconfiguration names tables, logins and files: that is for the operator's log.
FOR_OPERATOR = "the server is not set up for this; its log says why"

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "`urn:evistore:problem:` and the code."},
        "title": {"type": "string", "description": "The HTTP status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "Stable name of what went wrong, for programs."},
        "detail": {"type": "string", "description": "What went wrong, for people; may change."},
        "request_id": {"type": "string", "description": "Name of this request in the server's log."},
    },
    "additionalProperties": True,
}


def problem(status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """A response that tells a problem; members of *more* that are ``None`` are left out."""
    document = {
        "type": f"urn:evistore:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    document |= {name: value for name, value in more.items() if value is not None}
    body = orjson.dumps(document, default=str)
    return Response(body, status, headers={**(headers or {}), "X-Error-Code": code}, media_type=MEDIA_TYPE)


def status_of(fault: Fault) -> int:
    """The HTTP status that *fault* means."""
    if fault.code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[fault.code]
    return next(status for kind, status in _STATUS_OF_KIND if isinstance(fault, kind))


def problem_of(error: Exception, request_id: str | None = None) -> Response:
    """The response to *error*, whatever it is; of what is no fault it tells nothing but that it happened."""
    match error:
        case Misconfigured():
            return problem(500, error.code, FOR_OPERATOR, request_id=request_id)
        case Fault():
            status = status_of(error)
            return problem(
                status, error.code, error.message, headers=_headers(status, error.code), request_id=request_id
            )
        case RequestValidationError():
            return problem(
                422, "request-invalid", "the request does not fit", errors=_errors(error), request_id=request_id
            )
        case HTTPException():
            code = _CODE_OF_STATUS.get(error.status_code, f"http-{error.status_code}")
            return problem(error.status_code, code, str(error.detail), headers=error.headers, request_id=request_id)
        case _:
            return problem(
                500, "internal-error", "a fault of the server, which its log describes", request_id=request_id
            )


def install(app: FastAPI) -> None:
    """Let *app* answer every error with a problem."""
    for kind in (Fault, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> Response:
    return problem_of(error, getattr(request.state, "request_id", None))


def _headers(status: int, code: str) -> Mapping[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="evistore"'}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_SECONDS)}
    if code == "content-encoding-unknown":
        return {"Accept-Encoding": "gzip, zstd, identity"}
    return {}


def _errors(error: RequestValidationError) -> list[dict[str, Any]]:
    """Where the request does not fit and why, without the values: they may be secrets, or anything."""
    return [{"at": "/".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
