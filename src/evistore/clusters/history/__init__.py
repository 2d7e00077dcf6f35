"""A generated fleet: what some 300 clusters of a dozen organisations would have sent, as messages of the two topics.

The same seed always tells the same story. Rules, organisations and clusters are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from evistore.clusters.history.course import Course, Kind, Message
from evistore.clusters.history.fleet import DAY, EPOCH, MILLISECOND, Cluster, Span, fleet
from evistore.clusters.history.load import bench_messages
from evistore.clusters.history.voices import Voice, voices

__all__ = ["Kind", "Message", "Story", "Voice", "bench_messages"]


_HOUR = 3_600_000


class Story:
    """The fleet over *days* before *until* (aware), each cluster with a report every *hours*; the same arguments tell the same."""

    def __init__(
        self,
        *,
        until: datetime,
        seed: int = 7,
        clusters: int = 300,
        organizations: int = 12,
        days: float = 60,
        hours: float = 24,
    ) -> None:
        end = (until - EPOCH) // MILLISECOND
        self._span = Span(end - int(days * DAY), end)
        self._seed = seed
        self._interval = int(hours * _HOUR)
        self.fleet: list[Cluster] = fleet(
            seed=seed, clusters=clusters, organizations_=min(organizations, clusters), span=self._span
        )
        """As it is at the moment told last."""

    def messages(self) -> Iterator[Message]:
        """What arrives, in order of time. To be called once."""
        courses = (Course(cluster, self._span, self._interval).messages() for cluster in self.fleet)
        return merge(*courses, key=lambda message: message[:2])

    def voices(self) -> Iterator[Voice]:
        """What people say about it, as it is at the moment told last."""
        return voices(self.fleet, self._seed)
