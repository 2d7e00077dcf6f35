"""What a webhook sends: CloudEvents in JSON, one alone or several as a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import orjson

from evistore.delivery.feed import Fed, Place

ALONE = "application/cloudevents+json; charset=utf-8"
BATCH = "application/cloudevents-batch+json; charset=utf-8"
TEST_TYPE = "evistore.webhook.test.v1"


@dataclass(frozen=True, slots=True)
class Message:
    """One request: its name, which is the same whenever it is sent again, its content, and the place up to which it tells."""

    id: str
    content_type: str
    body: bytes
    events: int
    place: Place


def messages(events: Sequence[Fed], size: int) -> Iterator[Message]:
    """The requests that tell of *events*, in their order, each of at most *size*; with *size* 1 each event comes alone, and not as a list."""
    rest = iter(events)
    while some := list(islice(rest, size)):
        first, last = some[0].place, some[-1].place
        documents = [cloud_event(one) for one in some]
        if size == 1:
            yield Message(f"event-{last.position}", ALONE, documents[0], 1, last)
        else:
            body = b"[" + b",".join(documents) + b"]"
            yield Message(f"events-{first.position}-{last.position}-{len(some)}", BATCH, body, len(some), last)


def cloud_event(event: Fed) -> bytes:
    """The CloudEvent that carries *event* just as it was received."""
    members: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.context_id,
        "source": event.source or "unknown",
        "type": _type(event),
        "time": event.timestamp.astimezone(UTC),
        "evistoreposition": str(event.place.position),
        "datacontenttype": "application/json",
        "data": orjson.Fragment(event.payload),
    }
    if event.subject_id:
        members["subject"] = event.subject_id
    return orjson.dumps(members, option=orjson.OPT_UTC_Z)


def trial(name: str, at: datetime) -> Message:
    """A message that tells nothing but that the webhook *name* is tried at *at*."""
    key = f"test-{uuid4()}"
    body = {
        "specversion": "1.0",
        "id": key,
        "source": "/evistore/webhooks",
        "type": TEST_TYPE,
        "time": at.astimezone(UTC),
        "datacontenttype": "application/json",
        "data": {"webhook": name},
    }
    return Message(key, ALONE, orjson.dumps(body, option=orjson.OPT_UTC_Z), 0, Place(0, 0))


def _type(event: Fed) -> str:
    """``context.type`` as it was sent; of an event that came another way, as its parts say."""
    try:
        told: Any = json.loads(event.payload)["context"]["type"]
    except (LookupError, TypeError):
        told = None
    if isinstance(told, str) and told:
        return told
    version = ".".join(map(str, event.version or [0, 0, 0]))
    return f"dev.cdevents.{event.subject}.{event.predicate}.{version}"
