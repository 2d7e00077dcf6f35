"""A stream ends with its pieces, with its reader, or with the server, and makes room each time."""

from __future__ import annotations

import asyncio
import threading

import pytest
from starlette.requests import ClientDisconnect

from evistore.kernel.errors import Unavailable
from evistore.web import streams as module
from evistore.web.streams import EventStream, Streams


async def forever():
    """Ends when it is told to."""
    await asyncio.Event().wait()


class Reader:
    """The other side of a stream."""

    def __init__(self, takes=10**9, *, stays=True):
        self.takes, self.stays, self.sent = takes, stays, []

    async def receive(self):
        if self.stays:
            await forever()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if len(self.sent) > self.takes:
            await forever()
        self.sent.append(message)


async def pieces(count, closed=None):
    try:
        for number in range(count):
            yield b"%d" % number
            await asyncio.sleep(0)
        if count > 5:
            await forever()
    finally:
        if closed is not None:
            closed.append(True)


async def streamed(streams, reader, count=3, closed=None):
    async with asyncio.timeout(5):
        await EventStream(pieces(count, closed), streams)({"type": "http"}, reader.receive, reader.send)


def test_pieces_are_sent_as_they_come_and_the_end_is_told():
    streams, reader = Streams(1), Reader()
    asyncio.run(streamed(streams, reader))

    assert [message.get("body") for message in reader.sent] == [None, b"0", b"1", b"2", b""]
    headers = dict(reader.sent[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-length" not in headers
    assert streams.open == 0


def test_a_reader_that_takes_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(module, "STALLED_SECONDS", 0.1)
    streams, closed = Streams(1), []
    with pytest.raises(ClientDisconnect):
        asyncio.run(streamed(streams, Reader(takes=2), 100, closed))

    assert (streams.open, closed) == (0, [True])


def test_a_reader_that_has_gone_is_noticed_while_nothing_comes():
    streams, closed = Streams(1), []
    with pytest.raises(ClientDisconnect):
        asyncio.run(streamed(streams, Reader(stays=False), 100, closed))

    assert (streams.open, closed) == (0, [True])


def test_the_end_of_the_server_ends_all_streams_from_any_thread():
    async def ended():
        streams, closed = Streams(2), []
        running = [asyncio.create_task(streamed(streams, Reader(takes), 100, closed)) for takes in (2, 10**9)]
        await asyncio.sleep(0.1)
        threading.Thread(target=streams.end).start()
        gone = await asyncio.gather(*running, return_exceptions=True)
        with pytest.raises(Unavailable) as refusal:
            await streamed(streams, Reader())
        return gone, closed, streams.open, refusal.value.code

    gone, closed, left, code = asyncio.run(ended())

    assert [type(one) for one in gone] == [ClientDisconnect] * 2
    assert (closed, left, code) == ([True, True], 0, "going-down")


def test_one_stream_more_than_may_be_is_refused_before_anything_is_sent():
    async def refused():
        streams, reader = Streams(1), Reader()
        with streams.one(), pytest.raises(Unavailable) as refusal:
            await streamed(streams, reader)
        return refusal.value.code, reader.sent, streams.open

    assert asyncio.run(refused()) == ("streams-full", [], 0)


def test_a_bug_in_what_makes_the_pieces_is_not_hidden():
    async def broken():
        yield b"0"
        raise ZeroDivisionError

    async def run():
        reader = Reader()
        await EventStream(broken(), Streams(1))({"type": "http"}, reader.receive, reader.send)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())
