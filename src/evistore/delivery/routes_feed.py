"""The door for those who follow: every event as it comes, as server-sent events, with resume."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from evistore.delivery.feed import Place, Wanted
from evistore.delivery.follow import Follow
from evistore.delivery.parameters import Text, Word, known_parameters
from evistore.delivery.routes import BASE
from evistore.delivery.routes_schema import EVENT, answers
from evistore.kernel.database import Database
from evistore.web.application import Part
from evistore.web.streams import EventStream, Streams

RETRY_MILLISECONDS = 2000
_SHOWN = (
    'retry: 2000\n\nid: 1047\nevent: event\ndata: {"position":1047,"subject":"service","predicate":"deployed", …}\n\n'
)
_ANSWERS = {
    **answers(EVENT),
    200: {"content": {EventStream.media_type: {"schema": {"type": "string"}, "example": _SHOWN}}},
}
_Words = Annotated[list[Word] | None, Query(max_length=50)]
_Texts = Annotated[list[Text] | None, Query(max_length=50)]


def part(database: Database, most: int) -> Part:
    """The feed of *database*, for at most *most* streams at once."""
    streams = Streams(most)
    follow = Follow(database, streams.ended)
    return Part(_router(follow, streams), life=[follow.life], ends=[streams.end])


def _router(follow: Follow, streams: Streams) -> APIRouter:
    router = APIRouter(prefix=BASE, tags=["delivery"], dependencies=[Depends(known_parameters)])

    @router.get(
        "/feed",
        operation_id="follow_events",
        summary="Every event as it comes",
        response_class=EventStream,
        status_code=200,
        responses=_ANSWERS,
    )
    async def follow_events(
        *,
        subject: Annotated[_Words, Query(description="Type of subject; may be repeated: any of them.")] = None,
        subject_id: Annotated[_Texts, Query(description="Id of the subject; may be repeated.")] = None,
        predicate: Annotated[_Words, Query(description="What happened; may be repeated.")] = None,
        source: Annotated[_Texts, Query(description="`context.source`; may be repeated.")] = None,
        environment: Annotated[
            _Texts, Query(description="Environment that the event names or is about; may be repeated.")
        ] = None,
        service: Annotated[_Texts, Query(description="Service that it names or is about; may be repeated.")] = None,
        payload: Annotated[bool, Query(description="Whether to send the payloads, too.")] = True,
        after: Annotated[
            int | None,
            Query(ge=0, lt=2**63, description="Position of the last event that is known already; 0: from the first."),
        ] = None,
        last_event_id: Annotated[
            int | None, Header(ge=0, lt=2**63, description="The same, as browsers send it; it wins over `after`.")
        ] = None,
    ) -> EventStream:
        """Events that pass all filters, as server-sent events named `event`; `id` is the position, `data` the event as under its position.

        Without `after` and `Last-Event-ID`: those that come from now on. The order is that in which transactions end, not that of the positions;
        whoever goes on from the last `id` misses none. Every 15 seconds without an event there is a comment, with an `id` to go on from.
        """
        wanted = Wanted(*map(_listed, (subject, subject_id, predicate, source, environment, service)))
        with streams.one():  # who finds no room learns it from the status
            place = await follow.begin(last_event_id if last_event_id is not None else after)
        return EventStream(_pieces(follow, place, wanted, payload=payload), streams)

    _ = follow_events
    return router


def _listed(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(values) if values else None


async def _pieces(follow: Follow, place: Place, wanted: Wanted, *, payload: bool) -> AsyncGenerator[bytes]:
    yield b"retry: %d\n\n" % RETRY_MILLISECONDS
    async for batch in follow.batches(place, wanted):
        for event in batch.events:
            yield b"id: %d\nevent: event\ndata: %b\n\n" % (event.place.position, event.document(payload=payload))
        if not batch.events:
            yield b": here\nid: %d\n\n" % batch.place.position
