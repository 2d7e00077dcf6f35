"""Traces: what a collector hears of requests, commits, batches and webhooks, and that nobody else pays for it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from confluent_kafka import Producer

from fixtures.collecting import collecting
from fixtures.commands import environment, evistore
from fixtures.operating import running
from fixtures.receiving import receiving
from fixtures.serving import JSON, cdevent

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SERVER, CLIENT, CONSUMER, INTERNAL = 2, 3, 5, 1


@pytest.fixture(scope="module")
def collector():
    with collecting() as one:
        yield one


def post(server, event, **headers):
    return httpx.post(f"{server.url}/cdevents?key=hunter2", content=json.dumps(event), headers=JSON | headers)


def test_a_request_its_commit_its_statements_and_a_webhook_are_spans(database, tmp_path, collector):
    event = cdevent()
    with (
        receiving() as receiver,
        running("serve", tmp_path, variables=collector.variables, database_url=database) as one,
    ):
        hook = receiver.url.replace("key=1", "key=hunter2")
        assert evistore("webhooks", "add", "hook", hook, settings={"database_url": database}).returncode == 0
        assert post(one, event, traceparent=f"00-{TRACE}-{PARENT}-01").status_code == 201
        for path in ("/events", "/api/insights-results-aggregator/v1/info"):
            assert httpx.get(f"{one.url}{path}").status_code == 200
        assert httpx.get(f"{one.url}/nowhere").status_code == 404
        receiver.wait_for(event["subject"]["id"])
        collector.wait(lambda: collector.named("GET") and collector.named("POST"))
        line = next(line for line in one.lines("request") if line["route"] == "/cdevents")

    (asked,) = collector.named("POST /cdevents")
    assert (asked.service, asked.kind, asked.trace, asked.parent, asked.failed) == (
        "evistore-serve", SERVER, TRACE, PARENT, False,
    )  # fmt: skip
    told = asked.attributes
    assert (told["http.request.method"], told["http.route"], told["http.response.status_code"]) == (
        "POST", "/cdevents", 201,
    )  # fmt: skip
    assert (told["url.path"], told["evistore.request.id"]) == ("/cdevents", line["request_id"])
    assert (line["trace_id"], line["span_id"]) == (TRACE, asked.id)

    (commit,) = collector.named("commit")
    assert (commit.kind, commit.parent, commit.attributes["db.operation.batch.size"]) == (INTERNAL, asked.id, 1)
    statements = [span for span in collector.spans if span.parent == commit.id]
    assert statements
    assert {span.attributes["db.system.name"] for span in statements} == {"postgresql"}
    assert all(span.name == span.attributes["db.query.summary"] for span in statements)

    for name in ("GET /events", "GET clusters:info"):  # by a thread of the framework, and by a desk
        (read,) = collector.named(name)
        assert [span for span in collector.spans if span.parent == read.id], name

    (sent,) = collector.named("POST")
    assert (sent.kind, sent.attributes["http.response.status_code"]) == (CLIENT, 204)
    (request,) = receiver.requests
    assert request.headers["traceparent"].startswith(f"00-{sent.trace}-{sent.id}-")
    assert not [span for span in collector.spans if "/ready" in span.name]
    assert "hunter2" not in str(collector.spans)


@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_a_batch_is_a_span_that_is_linked_to_those_who_sent_it(broker, database, tmp_path, collector):
    topic = broker.fresh_topic()
    producer = Producer({"bootstrap.servers": broker.bootstrap, "log_level": 2})
    places = {(f"{number:032x}", f"{number:016x}") for number in (1, 2, 3)}
    for trace, span in [*places, *places]:
        told = [("traceparent", f"00-{trace}-{span}-01".encode())]
        producer.produce(topic, json.dumps(cdevent()).encode(), headers=told)
    producer.produce(topic, json.dumps(cdevent()).encode(), headers=[("ce_traceparent", b"00-nonsense")])
    assert producer.flush(30) == 0
    kafka = {
        "kafka_brokers": broker.bootstrap, "kafka_topics": topic, "kafka_report_topics": "", "kafka_workload_topics": "",
        "kafka_options": '{"session.timeout.ms": "1000", "heartbeat.interval.ms": "200"}',
    }  # fmt: skip
    named = {**collector.variables, "OTEL_SERVICE_NAME": "evidence"}
    with running("consume", tmp_path, variables=named, database_url=database, **kafka) as one:
        batches = collector.wait(lambda: collector.named(f"process {topic}"))
        assert one.end(signal.SIGTERM, within=15) == 0

    (batch,) = batches
    assert (batch.service, batch.kind, batch.parent, batch.links) == ("evidence", CONSUMER, "", places)
    assert batch.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": "evistore",
        "messaging.destination.name": topic,
        "messaging.batch.message_count": 7,
    }
    assert [span for span in collector.spans if span.parent == batch.id]


def test_a_collector_that_is_away_costs_a_moment_at_the_end_and_no_request(database, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and says nothing
        away = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        with running("serve", tmp_path, variables=away, database_url=database, webhooks="false") as one:
            assert post(one, cdevent()).status_code == 201
            one.until(lambda: one.lines("request"))
            assert one.end(signal.SIGTERM, within=9) == 0


NOBODY_ASKS = """
import sys
import evistore.app
from evistore.kernel import tracing
with tracing.traced("serve"):
    with tracing.span("x", "internal", {}, links=iter(lambda: 1 / 0, None)) as span:
        assert span.place is None and tracing.here() is None and tracing.cursor() is None
print(*{"opentelemetry.sdk", "opentelemetry.exporter", "google.protobuf", "requests"} & set(sys.modules))  # the web framework brings the API
"""
NOT_INSTALLED = """
import sys
from evistore.kernel import logs, tracing
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("opentelemetry"):
            raise ImportError(name)
sys.meta_path.insert(0, Finder())
logs.configure("json")
with tracing.traced("serve"):
    print(tracing.is_on())
"""


def ran(program, **variables):
    given = {name: one for name, one in environment().items() if not name.startswith("OTEL_")} | variables
    return subprocess.run([sys.executable, "-c", program], env=given, capture_output=True, text=True, check=True)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318", "OTEL_TRACES_EXPORTER": "none"},
    ],
    ids=["unasked", "disabled", "none"],
)
def test_where_nobody_asks_for_traces_nothing_is_imported_and_nothing_made(variables):
    assert ran(NOBODY_ASKS, **variables).stdout.strip() == ""


def test_asked_for_traces_without_the_extra_the_program_says_so_and_goes_on():
    done = ran(NOT_INSTALLED, OTEL_EXPORTER_OTLP_ENDPOINT="http://x:4318")
    assert done.stdout.strip() == "False"
    assert json.loads(done.stderr)["event"] == "traces-missing"
