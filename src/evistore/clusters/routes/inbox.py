"""``POST /insights/reports`` and ``/insights/workloads``: messages as a topic would bring them, for whoever has no Kafka at hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from evistore.clusters.ingest import Kind, Receipt, Rules, accept_and_keep
from evistore.kernel.database import Database
from evistore.kernel.documents import elements
from evistore.kernel.errors import Rejected
from evistore.web.access import Access
from evistore.web.application import Part
from evistore.web.bodies import Budget, read, unpacked
from evistore.web.problems import MEDIA_TYPE, SCHEMA, problem

PATHS: dict[str, Kind] = {"/insights/reports": "report", "/insights/workloads": "workloads"}
_MOST = 1000
_TOGETHER = 16 * 1024 * 1024
_STATUS = {"stored": 201, "older": 200, "repeated": 200, "skipped": 200, "faulty": 202}
_KEPT = "what came is no message that can be stored; it is kept in quarantine"

_FAULT = {
    "type": "object",
    "required": ["pointer", "code", "text"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer; empty for the whole message."},
        "code": {"type": "string"},
        "text": {"type": "string"},
    },
}
_RECEIPT: dict[str, Any] = {
    "type": "object",
    "description": "What became of one message.",
    "required": ["outcome"],
    "properties": {
        "outcome": {
            "type": "string",
            "enum": list(_STATUS),
            "description": "stored; older, repeated: the cluster has a later one, or this one, and nothing changed; skipped: it says nothing; "
            "faulty: kept in quarantine.",
        },
        "quarantine_id": {"type": "integer", "description": "Its number in quarantine."},
        "faults": {"type": "array", "items": _FAULT, "description": "All that is wrong with it."},
    },
}
_RECEIPTS = {
    "type": "object",
    "required": ["tally", "messages"],
    "properties": {
        "tally": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "How many had which outcome.",
        },
        "messages": {"type": "array", "items": _RECEIPT, "description": "One for each message, in order."},
    },
}


class Inbox:
    """The door for messages about clusters."""

    def __init__(self, database: Database, rules: Rules, *, access: Access, limit: int) -> None:
        """Let in whom *access* lets in and store in *database* by *rules*; a body may have *limit* bytes, packed and unpacked."""
        self._database = database
        self._rules = rules
        self._access = access
        self._limit = limit
        self._budget = Budget(max(_TOGETHER, 2 * limit))

    def part(self) -> Part:
        """The door as a part of the application."""
        routes = APIRouter(tags=["clusters"])
        for path, kind in PATHS.items():
            routes.post(path, **_operation(kind))(self._door(kind))
        return Part(router=routes)

    def _door(self, kind: Kind) -> Callable[[Request], Awaitable[Response]]:
        async def post(request: Request) -> Response:
            return await self._post(request, kind)

        return post

    async def _post(self, request: Request, kind: Kind) -> Response:
        known = self._access.by_token(request.headers)
        with self._budget.share() as share:
            body = await read(request.receive, share)
            if not known:
                self._access.by_signature(request.headers, body)
            return await asyncio.to_thread(self._stored, kind, unpacked(request.headers, body, self._limit))

    def _stored(self, kind: Kind, body: bytes) -> Response:
        many = body.lstrip().startswith(b"[")  # no message is a list
        values = elements(body) if many else [body]
        if len(values) > _MOST:
            raise Rejected(f"a batch may have {_MOST} messages", code="batch-too-long")
        with self._database.transaction() as tx:
            receipts = accept_and_keep(tx, kind, values, origins=["http"] * len(values), rules=self._rules)
        return _of_many(receipts) if many else _of_one(receipts[0])


def _of_one(receipt: Receipt) -> Response:
    told = _told(receipt)
    if receipt.outcome == "faulty":
        return problem(_STATUS["faulty"], receipt.faults[0].code, _KEPT, **told)
    return Response(orjson.dumps(told), _STATUS[receipt.outcome], media_type="application/json")


def _of_many(receipts: Sequence[Receipt]) -> Response:
    tally = Counter(receipt.outcome for receipt in receipts)
    told = {"tally": tally, "messages": [_told(receipt) for receipt in receipts]}
    return Response(orjson.dumps(told), 200, media_type="application/json")


def _told(receipt: Receipt) -> dict[str, Any]:
    """What the sender hears of one message."""
    if receipt.outcome != "faulty":
        return {"outcome": receipt.outcome}
    faults = [{name: _printable(text) for name, text in fault._asdict().items()} for fault in receipt.faults]
    return {"outcome": receipt.outcome, "quarantine_id": receipt.quarantine_id, "faults": faults}


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _operation(kind: Kind) -> dict[str, Any]:
    what = "rule result" if kind == "report" else "workload result"
    about = f"A {what} as its topic would bring it, or a list of them; gzip and Zstandard, too."
    faulty = {"description": "Faulty: kept in quarantine.", "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
    return {
        "operation_id": f"post_{kind}s" if kind == "report" else f"post_{kind}",
        "summary": f"Store a {what} of a cluster",
        "status_code": 201,
        "openapi_extra": {
            "requestBody": {"required": True, "description": about, "content": {"application/json": {"schema": {}}}}
        },
        "responses": {
            201: {"description": "Stored.", "content": {"application/json": {"schema": _RECEIPT}}},
            200: {
                "description": "Nothing changed; or, of a list, what became of each.",
                "content": {"application/json": {"schema": {"anyOf": [_RECEIPT, _RECEIPTS]}}},
            },
            202: faulty,
            **{status: _problem(about) for status, about in _REFUSALS.items()},
        },
    }


_REFUSALS = {
    400: "No list that can be taken apart.",
    401: "A token or signature is missing or wrong.",
    413: "The body or the list is too long.",
    415: "The content coding is not known.",
    503: "The database does not answer.",
}


def _problem(about: str) -> dict[str, Any]:
    return {"description": about, "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
