"""The application behind the prefixes: routes, redirects, tokens, checks, and errors as clients know them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import Protocol, cast
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from evistore.clusters.routes.answers import TEXT, Answer, internal, refusal
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.identity import HEADER, caller
from evistore.clusters.routes.table import Found, Operation, Table
from evistore.kernel.database import Transaction
from evistore.kernel.desk import Desk
from evistore.kernel.errors import Fault, Misconfigured, Rejected, Unavailable
from evistore.web.bodies import Budget, Share, read
from evistore.web.paths import cleaned

ORGANIZATIONS = ("org_id", "organization")
_NOT_FOUND = Answer(b"404 page not found", 404, TEXT, {b"x-error-code": b"not-found"})
NO_TRANSACTION = cast("Transaction", None)
"""What operations get that do not ask the database."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the interface is set up."""

    prefixes: Sequence[str]
    """Each begins and ends with a slash."""
    auth: bool = False
    """Whether callers must say who they are, and see their own organisation only."""
    patience: float = 30.0
    """Seconds that the database has for an answer; less than the server has for the whole request."""
    together: int = 16 * 1024 * 1024
    """Bytes of all bodies that may be in memory at once."""


class Observer(Protocol):
    """Hears what is asked and answered."""

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """An answer of *operation* was given after that time."""
        ...

    def asked(self, operation: str, seconds: float) -> None:
        """The database was asked by *operation*, for that time; heard in any thread."""
        ...


class Interface:
    """An ASGI application for everything below the prefixes."""

    def __init__(self, operations: Iterable[Operation], rules: Rules, desk: Desk, observer: Observer) -> None:
        """Answer by *operations*, with *desk* for those that ask the database, and tell *observer*."""
        every = list(operations)
        self._rules = rules
        self._desk = desk
        self._observer = observer
        self._table = Table(every)
        self._budget = Budget(rules.together)
        self._labels = {one.name: SimpleNamespace(path=f"clusters:{one.path}") for one in every}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = await self._answer(scope, receive)
        headers = [(b"content-type", answer.media_type)] if answer.body else []
        headers += [(b"content-length", str(len(answer.body)).encode()), *answer.headers.items()]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path: str = scope["path"]
        if (clean := cleaned(path)) != path:
            return _redirect(scope, clean)
        found = self._found(path)
        if found is None:
            return _NOT_FOUND
        operation = found.place.operations.get(scope["method"])
        if operation is None:
            return _of_method(found, scope["method"])
        scope["route"] = self._labels[operation.name]
        began = time.perf_counter()
        answer = await self._guarded(operation, found, scope, receive)
        self._observer.answered(operation.name, answer.status, time.perf_counter() - began)
        return answer

    def _found(self, path: str) -> Found | None:
        for prefix in self._rules.prefixes:
            if path.startswith(prefix):
                return self._table.find(path[len(prefix) :])
            if f"{path}/" == prefix and (found := self._table.find("")):
                return replace(found, exact=False)
        return None

    async def _guarded(self, operation: Operation, found: Found, scope: Scope, receive: Receive) -> Answer:
        try:
            return await self._of_operation(operation, found, scope, receive)
        except ClientDisconnect:
            raise
        except Unavailable as fault:
            log.warning("a request failed", path=scope["path"], code=fault.code, reason=fault.message)
            return refusal(fault, away=operation.away)
        except Fault as fault:
            if isinstance(fault, Misconfigured):
                log.error("a request failed", path=scope["path"], code=fault.code, reason=fault.message)  # noqa: TRY400  # it is told in full
            return refusal(fault)
        except Exception as error:
            log.exception("a request failed", path=scope["path"], exc_info=error)
            return internal()

    async def _of_operation(self, operation: Operation, found: Found, scope: Scope, receive: Receive) -> Answer:
        asker = caller(_header(scope, HEADER)) if self._rules.auth and not operation.open else None
        if not found.exact:
            return _redirect(scope, _other_end(scope["path"]))
        call = Call(found.parts, caller=asker)
        for parameter in operation.checks:
            _ = call[parameter]
        # What does not fit is told before what is not allowed, whatever the order of the parameters.
        for parameter in operation.checks:
            if parameter.name in ORGANIZATIONS:
                call.permit(call[parameter])
        if not operation.asks:
            return operation.handler(NO_TRANSACTION, call)
        with self._budget.share() as share:
            if operation.body is not None:
                call.body = await _body(receive, share)
            return await self._in_time(operation, call)

    async def _in_time(self, operation: Operation, call: Call) -> Answer:
        try:
            async with asyncio.timeout(self._rules.patience):
                return await self._desk.ask(lambda tx: self._asked(tx, operation, call), writes=operation.writes)
        except TimeoutError as error:
            raise Unavailable(f"no answer within {self._rules.patience:g} s", code="request-timeout") from error

    def _asked(self, tx: Transaction, operation: Operation, call: Call) -> Answer:
        began = time.perf_counter()
        try:
            return operation.handler(tx, call)
        finally:
            self._observer.asked(operation.name, time.perf_counter() - began)


def _other_end(path: str) -> str:
    return path.removesuffix("/") if path.endswith("/") else f"{path}/"


def _redirect(scope: Scope, path: str) -> Answer:
    query: bytes = scope.get("query_string", b"")
    place = quote(path, safe="/:@!$&'()*+,;=~").encode() + (b"?" + query if query else b"")
    return Answer(b"", HTTPStatus.MOVED_PERMANENTLY, headers={b"location": place})


def _of_method(found: Found, method: str) -> Answer:
    """The answer to a method that no operation has: nothing is done and nothing told, to whomever."""
    headers = {b"allow": found.place.allow.encode()}
    if method == "OPTIONS" and "OPTIONS" in found.place.allow:
        return Answer(headers=headers)
    return Answer(b"", HTTPStatus.METHOD_NOT_ALLOWED, headers=headers | {b"x-error-code": b"method-not-allowed"})


def _header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key == name), None)


async def _body(receive: Receive, share: Share) -> bytes:
    try:
        return await read(receive, share)
    except HTTPException as error:
        raise Rejected(str(error.detail), code="body-too-large") from error
