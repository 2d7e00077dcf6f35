"""``POST /cdevents``: CDEvents and CloudEvents in, one outcome for each out, after the commit that holds it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from evistore.delivery.ingest import Item, Mode, Receipt, accept
from evistore.delivery.routes_ingest_schema import OPERATION
from evistore.delivery.wire import Decoded, Event, decode_http
from evistore.kernel.database import Transaction
from evistore.web.access import Access
from evistore.web.application import Life, Part
from evistore.web.bodies import Budget, read, unpacked
from evistore.web.group_commit import GroupCommit
from evistore.web.problems import problem
from evistore.web.telemetry import Telemetry

PATH = "/cdevents"
_QUICK = 64 * 1024  # bytes that are decoded on the spot; a thread would cost more
_STATUS = {"stored": 201, "duplicate": 200, "conflict": 202, "malformed": 202, "refused": 422}
_DETAIL = {
    "conflict": "an event with this source and id is stored already, with other content; this one is kept in quarantine",
    "malformed": "what came is no CDEvent that can be stored; it is kept in quarantine",
    "refused": "the event breaks the rules of its version and was not stored",
}


def work(mode: Mode) -> Callable[[Transaction, Sequence[Item]], list[Receipt]]:
    """What the writers do with a group of events: refused ones are told to their senders and not kept."""
    return lambda tx, items: accept(tx, items, origin="http", mode=mode, keep_refused=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the door holds at once, in bytes."""

    body: int
    """Of one body, packed and unpacked."""
    together: int = 48 * 1024 * 1024
    """Of all bodies that are being received or stored."""


class Inbox:
    """The door for events."""

    def __init__(
        self, commits: GroupCommit[Item, Receipt], *, access: Access, mode: Mode, bounds: Bounds, telemetry: Telemetry
    ) -> None:
        """Let in whom *access* lets in, and hand events to *commits*."""
        self._commits = commits
        self._access = access
        self._judged = mode != "off"
        self._bounds = bounds
        self._budget = Budget(bounds.together)
        self._telemetry = telemetry
        # One large body is taken apart at a time: as Python values it is many times its size.
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="decoder")

    def part(self, life: Life) -> Part:
        """The door as a part of the application, which enters *life* before the first request."""
        part = Part(direct={("POST", PATH): self.post_cdevents}, life=[life])
        part.router.add_api_route(PATH, self.post_cdevents, methods=["POST"], **OPERATION)
        return part

    async def post_cdevents(self, request: Request) -> Response:
        """Store the events of one request."""
        headers = request.headers
        known = self._access.by_token(headers)
        with self._budget.share() as share:
            body = await read(request.receive, share)
            if not known:
                self._access.by_signature(headers, body)
            decoded = await self._decoded(headers, body)
            del body
            receipts = await self._commits.store(decoded.events) if decoded.events else list[Receipt]()
        self._telemetry.events(receipt.outcome for receipt in receipts)
        return _of_batch(receipts) if decoded.batch else _of_one(receipts[0])

    async def _decoded(self, headers: Headers, body: bytes) -> Decoded:
        if len(body) <= _QUICK and "content-encoding" not in headers:
            return decode_http(headers, body, judged=self._judged)
        return await asyncio.get_running_loop().run_in_executor(self._slow, self._taken_apart, headers, body)

    def _taken_apart(self, headers: Headers, body: bytes) -> Decoded:
        decoded = decode_http(headers, unpacked(headers, body, self._bounds.body), judged=self._judged)
        return replace(decoded, events=[_lean(item) for item in decoded.events])


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
