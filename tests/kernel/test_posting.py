"""A request to a stranger ends in time, whatever the stranger does."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from evistore.kernel.posting import Answer, Poster
from fixtures.receiving import receiving


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


def posted(url, seconds=5.0, body=b"{}"):
    poster = Poster(url, seconds)
    try:
        return poster.post(body, {"Content-Type": "application/json", "X-Own": "1"})
    finally:
        poster.close()


@contextmanager
def speaking(*pieces, pause=0.1, ends=True):
    """The URL of a server that says these pieces of bytes to anybody, slowly."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def speak():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                try:
                    for piece in pieces:
                        connection.sendall(piece)
                        time.sleep(pause)
                except OSError:
                    return
                if not ends:
                    over.wait(30)

        threading.Thread(target=speak, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()


def test_a_request_arrives_as_it_was_given(receiver):
    receiver.answer = lambda _: (202, {}, b"thank you\n\0")

    assert posted(receiver.url, body="ä".encode()) == Answer(202, "thank you")
    (request,) = receiver.requests
    assert (request.path, request.body, request.headers["X-Own"]) == ("/hook?key=1", "ä".encode(), "1")


@pytest.mark.parametrize("status", [200, 301, 302, 307, 308, 400, 410, 500, 503])
def test_any_status_is_an_answer_and_nothing_is_followed(receiver, status):
    receiver.answer = lambda _: (status, {"Location": receiver.url}, b"")

    answer = posted(receiver.url)

    assert (answer.status, answer.is_success, len(receiver.requests)) == (status, status == 200, 1)


def test_requests_go_over_one_connection_that_is_made_anew_when_it_breaks(receiver):
    poster = Poster(receiver.url, 5)
    receiver.answer = lambda _: (200, {"Connection": "close"} if len(receiver.requests) == 2 else {}, b"x" * 3000)

    answers = [poster.post(b"{}", {}) for _ in range(4)]

    poster.close()
    assert {answer.status for answer in answers} == {200}
    first, second, third, fourth = (request.port for request in receiver.requests)
    assert first == second != third == fourth


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"HTTP/1.1 200 OK\r\n", *[b"X-A: 1\r\n"] * 100),
        (b"H", b"T", b"T", b"P", *[b"x"] * 100),
    ],
)
def test_a_receiver_that_never_ends_its_head_is_left_in_time(pieces):
    began = time.monotonic()
    with speaking(*pieces, ends=False) as url:
        answer = posted(url, 0.5)

    assert (answer.status, answer.text) == (None, "no answer within 0.5 s")
    assert time.monotonic() - began < 3


def test_a_receiver_that_never_ends_its_body_has_answered_all_the_same():
    began = time.monotonic()
    with speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 100, ends=False) as url:
        answer = posted(url, 0.5)

    assert answer.status == 200
    assert time.monotonic() - began < 3


def test_only_the_beginning_of_an_answer_is_read(receiver):
    receiver.answer = lambda _: (500, {}, b"no " * 10_000_000)

    answer = posted(receiver.url)

    assert (answer.status, len(answer.text)) == (500, 200)


@pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 abc\r\n\r\n"])
def test_whoever_speaks_no_http_has_not_answered(said):
    with speaking(said) as url:
        answer = posted(url)

    assert answer.status is None
    assert answer.text.isprintable()
    assert answer.text


def test_where_nobody_listens_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert posted(f"http://127.0.0.1:{port}/").status is None
    assert posted("http://no-such-host.invalid/").status is None
    assert posted(f"https://127.0.0.1:{port}/").status is None


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 400, 999999999),
    ],
)
def test_the_wait_that_is_asked_for_is_understood(receiver, given, seconds):
    receiver.answer = lambda _: (503, {"Retry-After": given}, b"")

    assert posted(receiver.url).retry_after == seconds


def test_a_wait_may_be_a_date(receiver):
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    receiver.answer = lambda _: (429, {"Retry-After": at}, b"")

    assert 85 <= posted(receiver.url).retry_after <= 90


def test_a_wait_until_a_date_is_counted_by_the_clock_that_told_it():
    there = datetime.now(UTC) + timedelta(hours=7)  # a receiver whose clock is off
    told = [format_datetime(there + timedelta(seconds=shift), usegmt=True) for shift in (0, 90)]
    head = f"HTTP/1.1 429 Slow\r\nDate: {told[0]}\r\nRetry-After: {told[1]}\r\nContent-Length: 0\r\n\r\n"
    with speaking(head.encode()) as url:
        assert posted(url).retry_after == 90
