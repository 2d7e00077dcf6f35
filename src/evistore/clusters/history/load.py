"""Messages for measurements: as many as asked for, of one size, with one number of hits each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Final

from evistore.clusters.history.details import Ground
from evistore.clusters.history.envelope import head, info, item, report
from evistore.clusters.history.fleet import EPOCH, MILLISECOND, Cluster, Hit, Span, fleet
from evistore.clusters.history.rules import RULES, Rule

_SECOND: Final = 1000
_CHANGED: Final = 0.1
_SETTLED: Final = 1_000_000_000


def bench_messages(
    count: int, *, until: datetime, hits: int = 5, size: int = 10_000, clusters: int = 1_000, seed: int = 7
) -> Iterator[bytes]:
    """*count* reports of *clusters* in turn, each newer than the one before, the last of them before *until* (aware).

    Each has *hits* hits (at most one of each rule) and *size* bytes, or a little more where its parts are longer. One in
    ten brings something new: one hit is another one than in the cluster's report before. All others change nothing but times.
    """
    end = (until - EPOCH) // MILLISECOND
    found = [
        _Sender(one, hits, size)
        for one in fleet(seed=seed, clusters=min(clusters, count), organizations_=12, span=Span(end - _SETTLED, end))
    ]
    for number in range(count):
        yield found[number % len(found)].next(end - (count - number) * _SECOND)


class _Sender:
    """One cluster that sends."""

    def __init__(self, cluster: Cluster, hits: int, size: int) -> None:
        self.cluster, self.size = cluster, size
        self.about = info(cluster)
        self.rules = cluster.chance.sample(RULES, min(hits + 1, len(RULES)))
        self.hits = [_hit(rule, cluster.ground, cluster.chance) for rule in self.rules[:hits]]
        self.skips = "[]"
        bare = self._told(0)
        self.skips = f'[{{"rule_fqdn":"","reason":"{"-" * max(0, size - len(bare) - 40)}","type":"skip"}}]'

    def next(self, at: int) -> bytes:
        chance = self.cluster.chance
        if self.hits and chance.random() < _CHANGED:
            place = chance.randrange(len(self.hits))
            used = {hit.rule.key for hit in self.hits}
            spare = next((rule for rule in self.rules if rule.key not in used), self.hits[place].rule)
            self.hits[place] = _hit(spare, self.cluster.ground, chance)
        return self._told(at)

    def _told(self, at: int) -> bytes:
        return report(head(self.cluster, at), self.hits, self.about, self.skips)


def _hit(rule: Rule, ground: Ground, chance: Random) -> Hit:
    return Hit(rule, item(rule, ground, chance), 0)
