"""``POST /cdevents``: CDEvents and CloudEvents in, one outcome for each out, after the commit that holds it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from evistore.delivery.ingest import Item, Mode, Receipt, accept
from evistore.delivery.routes_ingest_schema import OPERATION
from evistore.delivery.wire import Decoded, Event, decode_http
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.web.access import Access
from evistore.web.application import Life, Part
from evistore.web.bodies import Budget, read, unpacked
from evistore.web.group_commit import GroupCommit
from evistore.web.problems import problem
from evistore.web.telemetry import Telemetry

PATH = "/cdevents"
_QUICK = 64 * 1024  # bytes that are decoded on the spot; a thread would cost more
_LARGE = 1024 * 1024  # bytes from which on requests are stored one after the other
# Bytes of all bodies that are being received or stored; room for two of the largest where that is more.
_TOGETHER = 16 * 1024 * 1024

# A few bytes of JSON can be hundreds in memory: these bound what one body becomes, far above any batch of events that is worth sending at once.
_MOST_CONTAINERS = 150_000
_MOST_VALUES = 300_000
_MOST_EVENTS = 10_000
_STATUS = {"stored": 201, "duplicate": 200, "conflict": 202, "malformed": 202, "refused": 422}
_DETAIL = {
    "conflict": "an event with this source and id is stored already, with other content; this one is kept in quarantine",
    "malformed": "what came is no CDEvent that can be stored; it is kept in quarantine",
    "refused": "the event breaks the rules of its version and was not stored",
}


def work(mode: Mode) -> Callable[[Transaction, Sequence[Item]], list[Receipt]]:
    """What the writers do with a group of events: refused ones are told to their senders and not kept."""
    return lambda tx, items: accept(tx, items, origin="http", mode=mode, keep_refused=False)


class Inbox:
    """The door for events."""

    def __init__(
        self, commits: GroupCommit[Item, Receipt], *, access: Access, mode: Mode, limit: int, telemetry: Telemetry
    ) -> None:
        """Let in whom *access* lets in, and hand events to *commits*; a body may have *limit* bytes, packed and unpacked."""
        self._commits = commits
        self._access = access
        self._judged = mode != "off"
        self._limit = limit
        self._budget = Budget(max(_TOGETHER, 2 * limit))
        self._telemetry = telemetry
        # One body is taken apart at a time: as Python values it is many times its size.
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="decoder")
        self._one_large = asyncio.Semaphore(1)

    def part(self, life: Life) -> Part:
        """The door as a part of the application, which enters *life* before the first request."""
        part = Part(direct={("POST", PATH): self.post_cdevents}, life=[life])
        part.router.add_api_route(PATH, self.post_cdevents, methods=["POST"], **OPERATION)
        return part

    async def post_cdevents(self, request: Request) -> Response:
        """Store the events of one request."""
        known = self._access.by_token(request.headers)
        with self._budget.share() as share:
            body = await read(request.receive, share)
            if not known:
                self._access.by_signature(request.headers, body)
            decoded, size = await self._decoded(request.headers, body)
            share.grow(max(0, size - len(body)))
            del body
            receipts = await self._stored(decoded.events, size)
        self._telemetry.events(receipt.outcome for receipt in receipts)
        return _of_batch(receipts) if decoded.batch else _of_one(receipts[0])

    async def _decoded(self, headers: Headers, body: bytes) -> tuple[Decoded, int]:
        """What *body* holds, and how many bytes it has without its packing."""
        if len(body) <= _QUICK and "content-encoding" not in headers:
            return self._taken_apart(headers, body)
        return await asyncio.get_running_loop().run_in_executor(self._slow, self._taken_apart, headers, body)

    def _taken_apart(self, headers: Headers, body: bytes) -> tuple[Decoded, int]:
        plain = unpacked(headers, body, self._limit)
        if len(plain) > _QUICK:
            _check_size(plain)
        decoded = decode_http(headers, plain, judged=self._judged)
        if len(decoded.events) > _MOST_EVENTS:
            raise Rejected(f"a batch may have {_MOST_EVENTS} events", code="batch-too-long")
        return replace(decoded, events=[_lean(item) for item in decoded.events]), len(plain)

    async def _stored(self, items: Sequence[Item], size: int) -> Sequence[Receipt]:
        if not items:
            return ()
        if size < _LARGE:
            return await self._commits.store(items)
        async with self._one_large:
            return await self._commits.store(items)


def _check_size(body: bytes) -> None:
    if body.count(b"{") + body.count(b"[") > _MOST_CONTAINERS or body.count(b",") > _MOST_VALUES:
        raise Rejected(f"a request may have some {_MOST_VALUES} values; send it in parts", code="body-too-large")


def _lean(item: Item) -> Item:
    """The *item* without the value it was read into: of thousands that wait only the text is needed."""
    if not isinstance(item, Event) or (item.verdict and item.verdict.state == "invalid"):
        return item
    return replace(item, document=None)


def _of_one(receipt: Receipt) -> Response:
    status = _STATUS[receipt.outcome]
    if receipt.outcome in _DETAIL:
        told = _told(receipt)
        detail = told.pop("detail", None) or _DETAIL[receipt.outcome]
        return problem(
            status, _code(receipt), detail, **{name: value for name, value in told.items() if name != "reason"}
        )
    return Response(orjson.dumps(_told(receipt)), status, media_type="application/json")


def _code(receipt: Receipt) -> str:
    """The problem's code: the reason, which is stable; what the rules refuse has one of its own."""
    return "schema" if receipt.outcome == "refused" else receipt.reason or receipt.outcome


def _of_batch(receipts: Sequence[Receipt]) -> Response:
    tally = Counter(receipt.outcome for receipt in receipts)
    document = {"tally": tally, "events": [_told(receipt) for receipt in receipts]}
    return Response(orjson.dumps(document), 200, media_type="application/json")


def _told(receipt: Receipt) -> dict[str, Any]:
    """What the sender hears of one event: whatever is known."""
    members = {
        "outcome": receipt.outcome,
        "reason": receipt.reason,
        "context_id": receipt.context_id,
        "position": receipt.position,
        "quarantine_id": receipt.quarantine_id,
        "detail": receipt.detail,
        "reasons": receipt.reasons or None,
    }
    return {name: value for name, value in members.items() if value is not None}
