"""The feed on a listening server: as it comes, resumed where it was, bounded, and gone when the server goes."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest

from fixtures.databases import template
from fixtures.histories import runs, store, told
from fixtures.serving import serving

FEED = "/api/delivery/v1/feed"


@dataclass
class Reader:
    """What came of a stream."""

    response: httpx.Response
    lines: object = None
    place: str | None = None
    comments: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.lines = self.response.iter_lines()

    def block(self):
        """The fields of the next block."""
        found = {}
        for line in self.lines:
            if not line:
                return found
            name, _, value = line.partition(":")
            found[name] = value.removeprefix(" ")
        return None

    def next(self):
        """The next event."""
        while (found := self.block()) is not None:
            self.place = found.get("id", self.place)
            if "" in found:
                self.comments.append(found[""])
            if "data" in found:
                assert found["event"] == "event"
                event = json.loads(found["data"])
                assert int(found["id"]) == event["position"]
                return event
        return None

    def ids(self, count):
        return [self.next()["subject_id"] for _ in range(count)]


@contextmanager
def following(server, query="", last=None, timeout=20):
    headers = {"Last-Event-ID": last} if last is not None else {}
    with httpx.stream("GET", f"{server.url}{FEED}{query}", headers=headers, timeout=timeout) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        reader = Reader(response)
        assert reader.block() == {"retry": "2000"}
        reader.place = reader.block()["id"]
        yield reader


@pytest.fixture
def database(engine):
    url = engine.fresh_database(template(engine))
    yield url
    engine.discard(url)


NATIVE = pytest.mark.parametrize("engine", ["native"], indirect=True)


def test_a_follower_hears_what_comes_from_now_on_and_goes_on_where_it_was_after_a_kill(database):
    with serving(database) as server:
        server.post([told("change.created", "before")])
        with following(server) as reader:
            server.post([told("change.created", "c-1"), told("change.created", "c-2")])
            assert reader.ids(2) == ["c-1", "c-2"]
            os.kill(server.process.pid, signal.SIGKILL)
    with serving(database) as server:
        server.post([told("change.created", "meanwhile")])
        with following(server, "?after=1", last=reader.place) as again:
            server.post([told("change.created", "later")])
            assert again.ids(2) == ["meanwhile", "later"]
        with following(server, "?after=0") as everything:
            assert everything.ids(5) == ["before", "c-1", "c-2", "meanwhile", "later"]


@NATIVE
def test_data_is_what_the_event_is_under_its_position(database):
    with serving(database) as server:
        server.post([runs("shop", "prod", "pkg:oci/shop@1", "10:00"), {"no": "event"}])
        with following(server, "?after=0") as reader, following(server, "?after=0&payload=false") as short:
            event = reader.next()
            assert event == server.get(f"/api/delivery/v1/events/{event['position']}").json()
            assert short.next() == {name: value for name, value in event.items() if name != "payload"}


@NATIVE
def test_filters_let_pass_what_they_name(database):
    with (
        serving(database) as server,
        following(server, "?subject=service&subject=incident&environment=prod") as reader,
    ):
        server.post(
            [
                runs("cart", "stage", "pkg:oci/cart@1", "10:00"),
                runs("shop", "prod", "pkg:oci/shop@1", "10:01"),
                told("ticket.created", "T-1", environment={"id": "prod"}),
                told("incident.detected", "i-1", environment={"id": "prod"}),
            ]
        )
        assert reader.ids(2) == ["shop", "i-1"]


@NATIVE
def test_an_event_whose_transaction_commits_late_is_not_skipped(database):
    with (
        serving(database) as server,
        psycopg.connect(database) as late,
        psycopg.connect(database, autocommit=True) as other,
    ):
        store(other, told("change.created", "first"))
        with following(server) as reader:
            store(late, told("change.created", "small-position"))
            store(other, told("change.created", "large-position"))
            time.sleep(1.5)  # the server has looked since
            late.commit()
            assert reader.ids(2) == ["small-position", "large-position"]


@pytest.mark.parametrize(
    ("query", "header"),
    [("?after=-1", {}), ("?after=x", {}), ("", {"Last-Event-ID": "x"}), ("?subjekt=service", {}), ("?subject=", {})],
)
def test_what_does_not_fit_is_told(server, query, header):
    assert httpx.get(f"{server.url}{FEED}{query}", headers=header).status_code in (400, 422)


@NATIVE
def test_a_stream_outlives_the_connections_of_the_server(database):
    with serving(database) as server, following(server) as reader:
        for name in ("c-1", "c-2"):
            server.ask(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
            for _ in range(50):
                if server.post([told("change.created", name)]).is_success:
                    break
                time.sleep(0.1)
            assert reader.ids(1) == [name]


@NATIVE
@pytest.mark.parametrize("busy", [False, True])
def test_a_quiet_stream_says_so_with_a_place_to_go_on_from(database, busy):
    """However much comes that it does not want."""
    over = threading.Event()

    def send(server):
        server.post([told("change.created", "first")])
        while busy and not over.wait(0.3):
            server.post([told("change.created", "another")])

    with serving(database) as server, following(server, "?subject=incident") as reader:
        sender = threading.Thread(target=send, args=[server])
        began = time.monotonic()
        sender.start()
        said = reader.block()
        took = time.monotonic() - began
        over.set()
        sender.join()
        newest = server.ask("SELECT cdviz.events_newest()")[0][0]

    assert said[""] == "here"
    assert newest - 10 < int(said["id"]) <= newest
    assert 14 < took < 18


@NATIVE
def test_there_are_only_so_many_streams_and_one_that_is_left_makes_room(database):
    with serving(database, feed_streams=2) as server:
        with following(server), following(server):
            refused = server.get(FEED)
            assert (refused.status_code, refused.json()["code"]) == (503, "streams-full")
            assert refused.headers["retry-after"]
        for _ in range(50):
            with httpx.stream("GET", f"{server.url}{FEED}", timeout=5) as response:
                if response.status_code == 200:
                    return
            time.sleep(0.1)
        pytest.fail("the streams that were left still count")


@NATIVE
def test_told_to_stop_the_server_ends_its_streams_at_once_even_with_one_that_nobody_reads(database):
    with serving(database) as server, socket.create_connection(server.address) as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.post([told("change.created", f"c-{n}", custom={"text": "x" * 20_000}) for n in range(300)])
        idle.sendall(f"GET {FEED}?after=0 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with following(server) as reader:
            time.sleep(0.5)
            began = time.monotonic()
            os.kill(server.process.pid, signal.SIGTERM)
            assert reader.next() is None
        assert server.process.wait(10) == 0
        assert time.monotonic() - began < 5


@NATIVE
def test_a_slow_reader_costs_little_memory_and_holds_up_no_other(database):
    with serving(database) as server, socket.create_connection(server.address) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.post([told("change.created", "warm")])
        before = memory(server)
        slow.sendall(f"GET {FEED}?after=0 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with following(server) as reader:
            for _ in range(6):
                assert server.post(
                    [told("change.created", "c", custom={"text": os.urandom(20_000).hex()}) for _ in range(100)]
                ).is_success
            assert len(reader.ids(600)) == 600
        grown = memory(server) - before
    assert grown < 80, f"{grown} MB"


def memory(server):
    """Resident megabytes of the server."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


@NATIVE
def test_nothing_of_a_stream_stands_in_the_database(database):
    with serving(database) as server, following(server), following(server):
        open_ = server.ask(
            """SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"""
        )
        connections = server.ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert open_ == [(0,)]
    assert connections[0][0] < 10


@NATIVE
def test_the_overview_follows_what_its_filters_let_pass_and_counts_by_kind_only_without_them(database):
    with serving(database) as server:
        server.post([runs("shop", "prod", "pkg:oci/shop@1", "10:00")])
        newest = server.ask("SELECT cdviz.events_newest()")[0][0]
        every, some = (server.get(path).text for path in ("/", "/?service=shop&environment=prod"))

    assert f'data-feed="{FEED}?payload=false" data-after="{newest}" data-by="subject"' in every
    assert (
        f'data-feed="{FEED}?payload=false&amp;environment=prod&amp;service=shop" data-after="{newest}" hidden' in some
    )
