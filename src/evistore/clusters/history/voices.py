"""What people say about recommendations: they disable and explain, vote, acknowledge for all their clusters, and rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from evistore.clusters.history.fleet import Cluster
from evistore.clusters.history.rules import Rule

Verb = Literal["disable", "enable", "explain", "vote", "acknowledge", "rate"]

_PEOPLE: Final = ("ana", "bruno", "chi", "dora", "emeka", "farid", "greta", "hiro")
_REASONS: Final = (
    "We know. The volume is replaced in the next window.",
    "Not for this cluster: it is a laboratory.",
    "False alarm after the move of the load balancer.",
    "Accepted by security until the end of the quarter.",
    "Die Warnung stört, bis der Anbieter liefert.",
)
_OPINIONS: Final = ("Helped at once.", "The link leads nowhere.", "Clear, thank you.", "Does not say which node.", "")
_LIKE, _DISLIKE = 1, -1


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing that somebody says, by *verb*, about one finding; *cluster* is empty where it is for all of the organisation's."""

    verb: Verb
    organization: int
    cluster: str
    rule: str
    """Component without its ``.report``."""
    error_key: str
    user: str
    value: int
    """Of a vote or rating: 1 or -1."""
    text: str


def voices(fleet: Sequence[Cluster], seed: int) -> Iterator[Voice]:
    """What is said about the *fleet* as it stands, the same for the same *seed*."""
    chance = Random(f"{seed}/voices")
    for cluster in fleet:
        for hit in cluster.hits.values():
            yield from _about_hit(cluster, hit.rule, chance)
    for number in sorted({cluster.organization.number for cluster in fleet}):
        yield from _for_all(number, fleet, chance)


def _about_hit(cluster: Cluster, rule: Rule, chance: Random) -> Iterator[Voice]:
    user = chance.choice(_PEOPLE)

    def said(verb: Verb, value: int = 0, text: str = "") -> Voice:
        return Voice(verb, cluster.organization.number, cluster.name, rule.fqdn, rule.key, user, value, text)

    if _likely(chance, 0.04):
        yield said("disable")
        yield said("explain", text=chance.choice(_REASONS))
        if _likely(chance, 0.2):
            yield said("enable")
    if _likely(chance, 0.06):
        yield said("vote", _LIKE if _likely(chance, 0.7) else _DISLIKE, chance.choice(_OPINIONS))


def _for_all(number: int, fleet: Sequence[Cluster], chance: Random) -> Iterator[Voice]:
    """Of an organisation: one or two findings that it lives with, and some that it rates."""
    rules = {
        hit.rule.key: hit.rule
        for cluster in fleet
        if cluster.organization.number == number
        for hit in cluster.hits.values()
    }
    found = list(rules.values())
    for rule in chance.sample(found, min(2, len(found))):
        yield Voice("acknowledge", number, "", rule.fqdn, rule.key, chance.choice(_PEOPLE), 0, chance.choice(_REASONS))
    for rule in chance.sample(found, min(3, len(found))):
        liked = _LIKE if _likely(chance, 0.7) else _DISLIKE
        yield Voice("rate", number, "", rule.fqdn, rule.key, chance.choice(_PEOPLE), liked, "")


def _likely(chance: Random, part: float) -> bool:
    return chance.random() < part
