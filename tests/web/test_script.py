"""The script of the pages, in a real browser against a real stream: it counts what comes, resumes where it was, and rests while nobody looks."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from evistore.web.assets import _ASSETS, PATHS
from evistore.web.shell import CONTENT_SECURITY_POLICY

PAGE = f"""<!doctype html><html lang="en"><title>live</title><script src="{PATHS["script.js"]}" defer></script>
<p data-feed="/feed" data-after="7" data-by="subject" hidden><a href="">new: <span data-new>0</span></a></p>
<b data-count="service" data-value="41">41</b> <b data-count="incident" data-value="0">0</b>"""
EVENTS = ['{"subject": "service"}', '{"subject": "<b>odd</b>"}', "no JSON", '{"subject": "service"}']


class Stream(BaseHTTPRequestHandler):
    """A page, the script, and a stream that gives some events, and ends when the test says so."""

    def do_GET(self):
        path = urlsplit(self.path)
        if path.path == "/feed":
            return self.stream(parse_qs(path.query))
        body, kind = (
            (_ASSETS["script.js"].content, "text/javascript")
            if path.path == PATHS["script.js"]
            else (PAGE.encode(), "text/html")
        )
        self.send_response(200 if path.path in ("/", PATHS["script.js"]) else 204)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        return self.wfile.write(body)

    def stream(self, query):
        self.server.asked.append((query.get("after"), self.headers.get("Last-Event-ID")))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        number = int(self.headers.get("Last-Event-ID") or query["after"][0])
        self.wfile.write(b"retry: 50\n\n: here\n\n")
        for event in EVENTS[: 2 if len(self.server.asked) == 1 else 4][max(0, number - 7) :]:
            number += 1
            self.wfile.write(f"id: {number}\ndata: {event}\n\n".encode())
        self.wfile.flush()
        if len(self.server.asked) > 1:
            self.server.done.wait(20)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def stream():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stream)
    server.daemon_threads = True
    server.asked, server.done = [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.done.set()
    server.shutdown()
    server.server_close()


def test_live_counters_count_each_event_once_although_the_stream_broke(page, stream):
    page.goto(f"http://127.0.0.1:{stream.server_port}/")

    expect(page.locator("[data-new]")).to_have_text("4")
    assert page.locator('[data-count="service"]').inner_text() == "43"
    assert page.locator('[data-count="incident"]').inner_text() == "0"
    assert stream.asked == [(["7"], None), (["7"], "9")]


def test_a_hidden_page_lets_its_stream_go_and_goes_on_after_the_last_event(page, stream):
    page.goto(f"http://127.0.0.1:{stream.server_port}/")
    expect(page.locator("[data-new]")).to_have_text("4")
    hide = """hidden => {
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, True)
    page.evaluate(hide, False)
    page.wait_for_function("() => performance.getEntriesByType('resource').length >= 0")

    for _ in range(50):
        if len(stream.asked) == 3:
            break
        page.wait_for_timeout(100)
    assert stream.asked[2] == (["11"], None)
    assert page.locator("[data-new]").inner_text() == "4"
