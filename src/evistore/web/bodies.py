"""Request bodies: read with a bound, and unpacked with the same bound."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress

import zstandard
from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from evistore.kernel.errors import Rejected, Unavailable

_DRAIN_SECONDS = 5.0
_GZIP = 16 + zlib.MAX_WBITS
_MOST_MEMBERS = 100  # each one copies what follows it
_SLICE = 256  # bytes; the library has no bound on what one call gives, and four bytes may become 128 KiB
_ZSTD_WINDOW = 8 * 1024 * 1024  # what RFC 9659 asks decoders of this content coding to take


class Body:
    """The body of one request: what came of it, counted, with an end to patience."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        """Read from *receive* at most *limit* bytes."""
        self._receive = receive
        self._limit = limit
        self._count = 0
        self._length, self._expects = 0, False
        self.complete = True
        for name, value in scope["headers"]:
            if name == b"content-length":
                self._length = int(value) if value.isdigit() else 0
                self.complete = self._length == 0
            elif name == b"transfer-encoding":
                self.complete = False
            elif name == b"expect":
                self._expects = True

    @property
    def declared(self) -> int:
        """The length in bytes that the sender announced; 0 where it announced none."""
        return self._length

    async def receive(self) -> Message:
        """The next message of the request.

        Raises:
            HTTPException: 413, more came, or is announced, than the limit allows.
        """
        if self._length > self._limit:
            raise too_large(self._limit)
        message = await self._receive()
        if self._counted(message) > self._limit:
            raise too_large(self._limit)
        return message

    async def drain(self) -> None:
        """Read on for a while without keeping it: a sender that is still writing would not see our answer."""
        if self._expects and not self._count:
            return
        until = self._count + 4 * self._limit
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self.complete and self._count < until:
                    self._counted(await self._receive())

    def _counted(self, message: Message) -> int:
        if message["type"] == "http.request":
            self._count += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        else:
            self.complete = True
        return self._count


class Budget:
    """How many bytes of bodies may be in memory at once, over all requests. For one event loop."""

    def __init__(self, total: int) -> None:
        """Allow *total* bytes."""
        self._left = total

    @contextmanager
    def share(self) -> Generator[Share]:
        """A share for one request, given back at the end of the block."""
        share = Share(self)
        try:
            yield share
        finally:
            self._left += share.taken

    def take(self, count: int) -> None:
        """Take *count* bytes.

        Raises:
            Unavailable: others hold too many.
        """
        if count > self._left:
            raise Unavailable("too much is being received at once", code="overloaded")
        self._left -= count


class Share:
    """What one request holds of a :class:`Budget`."""

    def __init__(self, budget: Budget) -> None:
        """Hold nothing yet."""
        self._budget = budget
        self.taken = 0

    def grow(self, count: int) -> None:
        """Hold *count* bytes more.

        Raises:
            Unavailable: others hold too many.
        """
        self._budget.take(count)
        self.taken += count


async def read(receive: Receive, share: Share) -> bytes:
    """The whole body, as it was sent.

    Raises:
        HTTPException: 413, it is larger than the limit of *receive*.
        Unavailable: too much is in memory already.
        ClientDisconnect: the sender has gone.
    """
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        if chunk := message.get("body", b""):
            share.grow(len(chunk))
            chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def unpacked(headers: Headers, body: bytes, limit: int) -> bytes:
    """The *body* without its ``Content-Encoding``: gzip, zstd, or none.

    Raises:
        Rejected: the coding is another one, or the bytes are damaged.
        HTTPException: 413, more than *limit* bytes come out.
    """
    match headers.get("content-encoding", "identity").strip().lower():
        case "identity" | "":
            return body
        case "gzip" | "x-gzip":
            return _gunzipped(body, limit)
        case "zstd":
            return _unzstd(body, limit)
        case _:
            raise Rejected("the content coding may be gzip or zstd, one of them, once", code="content-encoding-unknown")


def _gunzipped(body: bytes, limit: int) -> bytes:
    out = bytearray()
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(wbits=_GZIP)
        try:
            out += member.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            raise _damaged("gzip") from error
        if len(out) > limit:
            raise too_large(limit)
        if not member.eof:
            raise _damaged("gzip")
        body = member.unused_data
        if not body:
            return bytes(out)
    raise _damaged("gzip")


def _unzstd(body: bytes, limit: int) -> bytes:
    unzstd = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    out = bytearray()
    try:
        for _ in range(_MOST_MEMBERS):
            body = _frame(unzstd.decompressobj(), body, out, limit)
            if not body:
                return bytes(out)
    except zstandard.ZstdError as error:
        raise _damaged("zstd") from error
    raise _damaged("zstd")


def _frame(frame: zstandard.ZstdDecompressionObj, body: bytes, out: bytearray, limit: int) -> bytes:
    """Unpack one *frame* from the front of *body* into *out*; what follows it."""
    for start in range(0, len(body), _SLICE):
        out += frame.decompress(body[start : start + _SLICE])
        if len(out) > limit:
            raise too_large(limit)
        if frame.eof:
            return frame.unused_data + body[start + _SLICE :]
    raise _damaged("zstd")


def _damaged(coding: str) -> Rejected:
    return Rejected(f"the body is not whole, valid {coding}", code="content-encoding-damaged")


def too_large(limit: int) -> HTTPException:
    """The error of a body that is larger than *limit* bytes; of the framework's kind, because it hides every other that comes up while it reads."""
    return HTTPException(413, f"a request may have {limit} bytes")
