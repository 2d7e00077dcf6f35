"""How it goes with one cluster: reports come, people put things right or do not, upgrades end troubles and bring others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from evistore.clusters.history import flaws
from evistore.clusters.history.envelope import head, info, item, report, skips
from evistore.clusters.history.fleet import DAY, Cluster, Hit, Span
from evistore.clusters.history.rules import RULES, STUCK, Rule
from evistore.clusters.history.workloads import recommended

Kind = Literal["report", "workloads"]

_FOUND_AT_FIRST: Final = 4.6
_NEW_A_DAY: Final = 0.2
_NEW_RULE_HITS: Final = 0.3
_NEWEST_MINOR: Final = 18
_BORN: Final = frozenset(rule.born for rule in RULES if rule.born)
_PART: Final = {
    "late": 0.004,
    "again": 0.008,
    "flawed": 0.003,
    "gap": 0.004,
    "refreshed": 0.03,
    "minor": 0.22,
    "stuck": 0.25,
    "changed": 0.2,
}
"""How often what happens, for each report."""


class Message(NamedTuple):
    """One message as it arrives."""

    at: int
    """When; messages that were held up on the way carry an earlier time themselves."""
    cluster: int
    kind: Kind
    raw: bytes


@dataclass(slots=True)
class Course:
    """One cluster on its way through the *span*, with a report every *interval* milliseconds or so."""

    cluster: Cluster
    span: Span
    interval: int

    def messages(self) -> Iterator[Message]:
        """Its messages in the order in which they arrive; afterwards the cluster is as it was at the last one."""
        cluster, chance = self.cluster, self.cluster.chance
        at = cluster.begin + int(chance.random() * self.interval)
        self._found(at)
        skipped, about = skips(cluster.platform, cluster.version, chance), info(cluster)
        workloads = recommended(cluster) if cluster.workloads else ""
        held: Message | None = None
        before = at
        while at < cluster.end:
            if self._live(before, at):
                about = info(cluster)
            raw = report(head(cluster, at), list(cluster.hits.values()), about, skipped)
            message = Message(at, cluster.number, "report", raw)
            if held is None and self._happens("late"):
                held = message
            else:
                yield message
                yield from self._oddities(message, held)
                held = None
            if workloads and (at // DAY + cluster.number) % 2 == 0:
                workloads = recommended(cluster) if self._happens("changed") else workloads
                yield Message(
                    at + 900, cluster.number, "workloads", f'{head(cluster, at + 900)}"Metrics":{workloads}}}'.encode()
                )
            before, at = at, at + self._pause()
        if held is not None:
            yield held

    def _oddities(self, message: Message, held: Message | None) -> Iterator[Message]:
        """What comes right after *message* that is no news: the one before it, itself again, or something broken."""
        if held is not None:
            yield Message(message.at + 100, held.cluster, held.kind, held.raw)
        if self._happens("again"):
            yield Message(message.at + 200, message.cluster, message.kind, message.raw)
        if self._happens("flawed"):
            yield Message(
                message.at + 300, message.cluster, message.kind, flaws.spoiled(message.raw, self.cluster.chance)
            )

    def _happens(self, what: str) -> bool:
        return self.cluster.chance.random() < _PART[what]

    def _pause(self) -> int:
        """Until the next report; now and then a cluster is cut off for some days."""
        jitter = int((self.cluster.chance.random() - 0.5) * self.interval * 0.1)
        gap = int(self.cluster.chance.uniform(2, 6) * DAY) if self._happens("gap") else 0
        return self.interval + jitter + gap

    def _found(self, at: int) -> None:
        """What hits the cluster already when it reports first."""
        for _ in range(round(self.cluster.chance.gauss(_FOUND_AT_FIRST, 1.5) * self.cluster.trouble**0.5)):
            self._hit(at)

    def _live(self, before: int, at: int) -> bool:
        """Let the time from *before* to *at* pass; whether the cluster was upgraded meanwhile."""
        cluster, chance = self.cluster, self.cluster.chance
        if cluster.later is not None and at >= self.span.share(0.6):
            cluster.organization, cluster.later = cluster.later, None
        for key in [key for key, hit in cluster.hits.items() if hit.until <= at]:
            del cluster.hits[key]
        days = (at - before) / DAY
        if chance.random() < days * _NEW_A_DAY * cluster.trouble:
            self._hit(at)
        self._hear_of_rules(before, at)
        if cluster.hits and chance.random() < _PART["refreshed"]:
            key = chance.choice(list(cluster.hits))
            cluster.hits[key] = self._made(cluster.hits[key].rule, cluster.hits[key].until)
        return chance.random() < days / cluster.upgrades and self._upgrade(at)

    def _hear_of_rules(self, before: int, at: int) -> None:
        """A rule written meanwhile hits where it has something to say."""
        written = {days for days in _BORN if before < self.span.end - days * DAY <= at}
        for rule in self.cluster.candidates() if written else ():
            if rule.born in written and self.cluster.chance.random() < _NEW_RULE_HITS:
                self._stand(rule, at)

    def _upgrade(self, at: int) -> bool:
        cluster, chance = self.cluster, self.cluster.chance
        minor = cluster.version[0]
        if minor < _NEWEST_MINOR and self._happens("minor") and self.span.newest(minor + 1, at) >= 0:
            minor += 1
        reached = (minor, self.span.newest(minor, at))
        if reached <= cluster.version:
            return False
        old, cluster.version = cluster.version, reached
        for key in [key for key, hit in cluster.hits.items() if not hit.rule.concerns(reached, cluster.platform)]:
            del cluster.hits[key]
        for rule in cluster.candidates():
            if old < rule.since <= reached and chance.random() < rule.weight / 6 and self._known(rule, at):
                self._stand(rule, at)
        if chance.random() < _PART["stuck"]:
            self._stand(STUCK, at)
        return True

    def _hit(self, at: int) -> None:
        """Something new hits, as likely as its rule has weight."""
        rules = [rule for rule in self.cluster.candidates() if self._known(rule, at)]
        self._stand(self.cluster.chance.choices(rules, [rule.weight for rule in rules])[0], at)

    def _known(self, rule: Rule, at: int) -> bool:
        return not rule.born or at >= self.span.end - rule.born * DAY

    def _stand(self, rule: Rule, at: int) -> None:
        lasts = rule.days * self.cluster.patience * self.cluster.chance.lognormvariate(0, 0.7)
        self.cluster.hits[rule.key] = self._made(rule, at + int(lasts * DAY))

    def _made(self, rule: Rule, until: int) -> Hit:
        return Hit(rule, item(rule, self.cluster.ground, self.cluster.chance), until)
