"""A generated delivery history: what a platform of some 200 services would have sent, as CDEvents.

The same seed always tells the same story, so that a demo can be explained and a measurement repeated. Nothing is kept
but what is still to come in the next days, however long the history.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from evistore.delivery.history.chores import EVENTS_PER_SERVICE_AND_WEEK, begin, busy_week
from evistore.delivery.history.rhythm import DAY, HOUR, share
from evistore.delivery.history.world import World

__all__ = ["EVENTS_PER_SERVICE_AND_WEEK", "batches", "history"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_RESERVE = 0.4
"""Weeks of work."""


def history(
    *, seed: int = 7, services: int = 200, days: int = 60, until: datetime, events: int | None = None
) -> Iterator[str]:
    """CDEvents as JSON text, ordered by their timestamps, all before *until* (aware).

    With *events* exactly that many come, over as long a span before *until* as they take at the usual pace; *days*
    is not read then. The last of them lies some days before *until*.
    """
    world = World(seed=seed, services=services)
    end = (until - _EPOCH) // _MILLISECOND
    if events is None:
        world.later((end - days * DAY) // HOUR * HOUR, begin, end, None, 0.0)
        return world.texts(end)
    weeks = events / (services * EVENTS_PER_SERVICE_AND_WEEK)
    world.later(_start(end, weeks), begin, end, events, weeks)
    return islice(world.texts(), events)


def batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """The same texts in lists of *size*; the last list may be shorter."""
    rest = iter(texts)
    while batch := list(islice(rest, size)):
        yield batch


def _start(end: int, weeks: float) -> int:
    """The moment from which there is work of so many *weeks* until *end*, with a reserve for chance."""
    at, busy, left = end // HOUR * HOUR, busy_week(end), weeks + _RESERVE
    while left > 0:
        at -= HOUR
        left -= share(at, busy)
    return at
