"""Processes as they are operated: in whatever order they start, how they say that they work, and how they end."""

from __future__ import annotations

import json
import signal
import socket
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from evistore.contexts import CONTEXTS
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import migrate
from evistore.kernel.probes import Pulse
from fixtures.commands import evistore
from fixtures.consuming import send
from fixtures.engines import QUICK
from fixtures.operating import running
from fixtures.receiving import FINE, receiving
from fixtures.serving import JSON, cdevent

TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
QUICK_KAFKA = json.dumps({
    "session.timeout.ms": "1000",
    "heartbeat.interval.ms": "200",
    "topic.metadata.refresh.interval.ms": "500",
    "reconnect.backoff.max.ms": "500",
})  # fmt: skip


@pytest.fixture
def serve(database, tmp_path):
    """Starts a server that writes its log to a file."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running("serve", tmp_path, database_url=database, **settings))


@contextmanager
def half_a_request(server):
    """A connection whose request the server waits for: the function sends its end and gives the head of the answer."""
    body = json.dumps(cdevent()).encode()
    head = (
        f"POST /cdevents HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=20) as connection:
        connection.sendall(head.encode() + body[:10])

        def rest():
            connection.sendall(body[10:])
            return connection.recv(65536).decode()

        server.until(lambda: server.probe("/ready")[0] == 200)  # the server has read what came before
        yield rest


def together(do, processes):
    """What *do* gives for each of them, at the same time."""
    with ThreadPoolExecutor(len(processes)) as threads:
        return list(threads.map(do, processes))


@TANSU
def test_the_order_in_which_things_start_does_not_matter(broker_process, tmp_path, postgres18):
    broker_process.kill()
    kafka = {
        "kafka_brokers": broker_process.bootstrap, "kafka_options": QUICK_KAFKA, "kafka_topics": "early-events",
        "kafka_report_topics": "", "kafka_workload_topics": "",
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="evistore-") as name, ExitStack() as stack, receiving() as receiver:
        url = f"postgresql:///evistore?host={name}/run&port=5432&user=postgres"
        serve = stack.enter_context(running("serve", tmp_path, database_url=url))
        consume = stack.enter_context(running("consume", tmp_path, database_url=url, **kafka))
        deliver = stack.enter_context(running("deliver", tmp_path, database_url=url))
        processes = [serve, consume, deliver]
        together(lambda one: one.until_ready("database-away"), processes)
        with embedded(Path(name), settings=QUICK) as same:
            assert same == url
            together(lambda one: one.until_ready("schema-missing"), processes)
            migrate(url, CONTEXTS)
            consume.until_ready("group-not-joined")
            broker_process.start()
            broker_process.create_topic("early-events")
            together(lambda one: one.until_ready(), processes)
            for one in (consume, deliver):
                assert one.probe("/live")[0] == 200
            assert b"evistore_consumer_waits_total{" in httpx.get(f"{consume.url}/metrics").content

            added = evistore("webhooks", "add", "hook", f"{receiver.url}", settings={"database_url": url})
            assert added.returncode == 0
            one, other = cdevent(), cdevent()
            assert httpx.post(f"{serve.url}/cdevents", content=json.dumps(one), headers=JSON).status_code == 201
            send(broker_process, "early-events", [json.dumps(other)])
            receiver.wait_for(one["subject"]["id"], other["subject"]["id"])

            for each in processes:
                told = Counter(
                    (line["event"], line["code"]) for line in each.lines() if "code" in line and "why" in line
                )
                assert set(told.values()) == {1}, told
                assert {code.partition("-")[0] for _, code in told} <= {"database", "schema"}
            broker_process.kill()
            consume.until_ready("group-not-joined")
            # What was begun is finished, and nobody waits for anything: each ends well within what Kubernetes gives it.
            assert together(lambda one: one.end(signal.SIGTERM, within=15), processes) == [0, 0, 0]


def test_a_server_that_leaves_says_so_first_and_takes_requests_until_others_have_heard(serve):
    server = serve(http_leaving_seconds=2)
    with half_a_request(server) as rest, httpx.Client(base_url=server.url) as client:
        assert "connection" not in client.get("/health").headers
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        server.until_ready("going-down")
        late = client.post("/cdevents", content=json.dumps(cdevent()), headers=JSON)
        assert (late.status_code, late.headers["connection"]) == (201, "close")
        assert rest().startswith("HTTP/1.1 201")
        assert server.process.wait(10) == 0
        assert 2 <= time.monotonic() - began < 8


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_a_server_at_once(serve, number):
    server = serve()
    with half_a_request(server):
        server.process.send_signal(signal.SIGTERM)
        server.until(lambda: server.probe("/ready") == (0, ""))  # it has heard, and waits for the request only
        assert server.end(number, within=2) == -number


def test_a_second_signal_ends_those_who_deliver_at_once(database, tmp_path):
    with receiving() as receiver:
        receiver.answer = lambda _: time.sleep(8) or FINE
        assert evistore("webhooks", "add", "hook", receiver.url, settings={"database_url": database}).returncode == 0
        with running("deliver", tmp_path, database_url=database, webhook_seconds=9) as deliver:
            with running("serve", tmp_path, database_url=database, webhooks="false") as server:
                httpx.post(f"{server.url}/cdevents", content=json.dumps(cdevent()), headers=JSON)
            receiver.wait(lambda: receiver.requests)
            deliver.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert deliver.process.poll() is None  # it waits for the answer
            assert deliver.end(signal.SIGTERM, within=2) == -signal.SIGTERM


def test_a_loop_that_stands_still_is_told():
    pulse = Pulse(0.1)
    pulse.check()
    time.sleep(0.2)
    with pytest.raises(Exception, match="stood still") as told:
        pulse.check()
    assert told.value.code == "standing-still"
    pulse.beat()
    pulse.check()


def test_a_port_of_probes_that_is_taken_is_said_in_one_line(database):
    with socket.create_server(("", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = evistore("deliver", settings={"database_url": database, "metrics_port": port})
    assert done.returncode == 3
    assert f"cannot listen on port {port}" in done.stderr.splitlines()[-1]


def test_a_request_is_one_line_in_the_log_with_its_ids_and_no_secrets(serve):
    server = serve(log_level="debug")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"X-Request-Id": "build-17", "traceparent": f"00-{trace}-00f067aa0ba902b7-01", **JSON}
    body = json.dumps({**cdevent(), "customData": {"token": "hunter2"}})
    answer = httpx.post(f"{server.url}/cdevents?key=hunter2", content=body, headers=headers)
    assert answer.headers["x-request-id"] == "build-17"
    httpx.get(f"{server.url}/nowhere/hunter2", headers={"X-Request-Id": "<b>", "traceparent": "00-0"})
    server.probe("/ready")
    server.until(lambda: len(server.lines("request")) >= 3)

    stored, *others = server.lines("request")
    assert stored.pop("timestamp").endswith("Z")
    assert 0 < stored.pop("seconds") < 20
    assert stored == {
        "event": "request", "level": "info", "method": "POST", "route": "/cdevents", "status": 201,
        "bytes": len(answer.content), "request_id": "build-17", "trace_id": trace,
    }  # fmt: skip
    missing = next(one for one in others if one["route"] not in {"/ready", "/health"})
    assert (missing["status"], missing["level"], missing["code"]) == (404, "info", "not-found")
    assert len(missing["request_id"]) == 16
    assert "trace_id" not in missing
    assert {one["level"] for one in others if one["route"] == "/ready"} == {"debug"}
    assert "hunter2" not in server.log.read_text()
