"""How fast bytes become judged events, by mode, on one core; with the CloudEvents SDK beside it.

    python benchmarks/decoding.py [events.ndjson]

Without a file the events are made up: one of each type of 0.5.1, with the members that senders usually fill.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from cloudevents.core.bindings import http

from evistore.delivery import vocabulary
from evistore.delivery.schemas import event_schema
from evistore.delivery.validation import judge
from evistore.delivery.wire import decode_http, decode_kafka, decode_text
from evistore.kernel.documents import read
from evistore.kernel.files import documents
from evistore.kernel.packing import opened

SECONDS = 1.0
SPEC = "0.5.1"
SAMPLES = {"uri": "https://ci.example.com/runs/7", "uri-reference": "/ci/main", "date-time": "2026-03-02T08:15:00Z"}


def sample(schema: dict[str, Any]) -> Any:
    """A value for *schema*: every member of its objects, the first of its words."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        left_out = ("links", "schemaUri", "customDataContentType")
        return {name: sample(member) for name, member in schema["properties"].items() if name not in left_out}
    if schema["type"] == "array":
        return [sample(schema["items"])]
    if schema["type"] == ["object", "string"]:
        return {"team": "shop", "attempt": 1}
    return SAMPLES.get(schema.get("format", ""), "0f0c3b7e-6d0b-4c5e-9d5c-2f3f1a1d7c55")


def events(path: str | None) -> list[dict[str, Any]]:
    """The events to measure with."""
    if path:
        with opened(Path(path)) as stream:
            return [orjson.loads(raw) for raw in islice(documents(stream), 1_000)]
    carried = [type_ for type_, specs in vocabulary.types().items() if SPEC in specs]
    return [sample(event_schema(vocabulary.event_of(type_), SPEC, type_)) for type_ in carried]


def attributes(event: dict[str, Any]) -> dict[str, str]:
    """The CloudEvents attributes that the CDEvents binding asks for."""
    context = event["context"]
    told = {"specversion": "1.0", "subject": event["subject"]["id"], "time": context["timestamp"]}
    return told | {name: context[name] for name in ("id", "source", "type")}


def measure(name: str, work: Callable[[], Iterable[object]], count: int) -> None:
    """Print how many events per second of processor time *work*, which handles *count* of them, gets through."""
    for _ in work():
        pass
    began, done = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        for _ in work():
            pass
        done += count
    rate = done / (time.process_time() - began)
    print(f"{name:36}{rate:>12,.0f}/s{1e6 / rate:>9.1f} us")


def main(path: str | None) -> None:
    """Measure every mode."""
    values = events(path)
    bare = [orjson.dumps(value) for value in values]
    told = [attributes(value) for value in values]
    binary = [{"content-type": "application/json", **{f"ce-{k}": v for k, v in each.items()}} for each in told]
    kafka = [[(f"ce_{name}", text.encode()) for name, text in each.items()] for each in told]
    structured = [orjson.dumps({**each, "data": value}) for each, value in zip(told, values, strict=True)]
    plain = {"content-type": "application/json"}
    enveloped = {"content-type": "application/cloudevents+json"}
    batch = b"[" + b",".join(structured) + b"]"
    array = b"[" + b",".join(bare) + b"]"
    count = len(values)
    print(f"{count} events of {sum(map(len, bare)) // count} bytes on average\n")
    measure("judge", lambda: map(judge, values), count)
    measure("orjson alone", lambda: map(orjson.loads, bare), count)
    measure("read: parsed and fit for jsonb", lambda: map(read, bare), count)
    measure("decode_text", lambda: map(decode_text, bare), count)
    measure("decode_text, unjudged", lambda: (decode_text(raw, judged=False) for raw in bare), count)
    measure("HTTP bare", lambda: (decode_http(plain, raw) for raw in bare), count)
    measure("HTTP array of all", lambda: [decode_http(plain, array)], count)
    measure("HTTP binary", lambda: map(decode_http, binary, bare), count)
    measure("HTTP structured", lambda: (decode_http(enveloped, raw) for raw in structured), count)
    measure(
        "HTTP batch of all", lambda: [decode_http({"content-type": "application/cloudevents-batch+json"}, batch)], count
    )
    measure("Kafka binary", lambda: map(decode_kafka, kafka, bare), count)
    messages = [http.HTTPMessage(each, raw) for each, raw in zip(binary, bare, strict=True)]
    measure("SDK binary, no verdict, no text", lambda: map(http.from_binary_event, messages), count)
    messages = [http.HTTPMessage(enveloped, raw) for raw in structured]
    measure("SDK structured, no verdict, no text", lambda: map(http.from_structured_event, messages), count)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
