"""The fleet: organisations of very different size, and what each of their clusters is at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, TypeVar
from uuid import UUID

from evistore.clusters.history.details import Ground
from evistore.clusters.history.rules import RULES, Rule, Version

_T = TypeVar("_T")

DAY: Final = 24 * 3600 * 1000
"""Moments are whole milliseconds since 1970, UTC."""
WEEK: Final = 7 * DAY
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)

_AT_THE_END: Final = {12: 70, 13: 58, 14: 46, 15: 36, 16: 18, 17: 8, 18: 3}
"""The newest patch of each minor version at the end; one comes out each week."""
_MINORS: Final = ((14, 12), (15, 20), (16, 38), (17, 30))
_OLD, _NEW, _SILENT = 0.06, 0.08, 0.03
"""Parts of the fleet that run something old, come later, and are not heard of again."""
_PLATFORMS: Final = (("cloud", 50), ("vsphere", 30), ("baremetal", 20))
_APPLICATIONS: Final = ("shop", "billing", "ci", "data", "web", "edge", "lab", "mail", "iot", "portal", "search", "sso")


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is told of, ``[begin, end)``."""

    begin: int
    end: int

    def newest(self, minor: int, at: int) -> int:
        """The newest patch of *minor* that can be had *at* a moment; negative where it is not out yet."""
        return _AT_THE_END.get(minor, -1) - (self.end - at) // WEEK

    def share(self, part: float) -> int:
        """The moment when *part* of the span is over."""
        return self.begin + int((self.end - self.begin) * part)


@dataclass(frozen=True, slots=True)
class Organization:
    """Who owns clusters."""

    number: int
    account: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hits a cluster: its item of the report, and when somebody will have put it right."""

    rule: Rule
    item: str
    until: int


@dataclass(slots=True)
class Cluster:
    """One cluster at one moment."""

    chance: Random
    number: int
    name: str
    organization: Organization
    later: Organization | None
    """The organisation it moves to."""
    platform: str
    ground: Ground
    version: Version
    begin: int
    end: int
    """When it reports first, and when it falls silent."""
    trouble: float
    """How often something new hits it, against others."""
    patience: float
    """How long its people leave things as they are, against others."""
    upgrades: float
    """Days between upgrades (median)."""
    workloads: bool
    hits: dict[str, Hit] = field(default_factory=dict[str, Hit])
    """What hits it now, by error key."""

    def candidates(self) -> list[Rule]:
        """Rules that can hit it and do not yet."""
        return [rule for rule in RULES if rule.key not in self.hits and rule.concerns(self.version, self.platform)]


def organizations(count: int, chance: Random) -> list[Organization]:
    """*count* organisations; the first ones own most."""
    return [Organization(4_021_000 + 137 * n + chance.randrange(100), 610_000 + 29 * n) for n in range(count)]


def fleet(*, seed: int, clusters: int, organizations_: int, span: Span) -> list[Cluster]:
    """The *clusters* as they are when they report first."""
    chance = Random(f"{seed}/fleet")
    owners = organizations(organizations_, chance)
    weights = [1 / (n + 1) ** 0.8 for n in range(organizations_)]
    found: list[Cluster] = []
    for number in range(clusters):
        # Each organisation has a cluster before any has many.
        owner = owners[number] if number < organizations_ else chance.choices(owners, weights)[0]
        found.append(_cluster(Random(f"{seed}/{number}"), number, owner, owners, span))
    return found


def _cluster(chance: Random, number: int, owner: Organization, owners: list[Organization], span: Span) -> Cluster:
    begin, end = span.begin, span.end
    if chance.random() < _NEW:
        begin = span.share(0.9 * chance.random())
    elif chance.random() < _SILENT:
        end = span.share(0.4 + 0.5 * chance.random())
    return Cluster(
        chance,
        number,
        str(UUID(int=chance.getrandbits(128), version=4)),
        owner,
        owners[(owners.index(owner) + 1) % len(owners)] if number % 150 == 149 else None,  # noqa: PLR2004
        _weighed(chance, _PLATFORMS),
        _ground(chance),
        _version(chance, span, begin),
        begin,
        end,
        chance.lognormvariate(0, 0.5),
        chance.lognormvariate(0, 0.4),
        chance.lognormvariate(3.2, 0.6) if chance.random() < 0.9 else 10_000,  # noqa: PLR2004
        number % 3 == 0,
    )


def _version(chance: Random, span: Span, at: int) -> Version:
    minor = 12 + int(chance.random() * 2) if chance.random() < _OLD else _weighed(chance, _MINORS)
    if span.newest(minor, at) < 0:
        minor = max((one for one in _AT_THE_END if span.newest(one, at) >= 0), default=12)
    return minor, max(0, span.newest(minor, at) - int(chance.expovariate(0.25)))


def _ground(chance: Random) -> Ground:
    domain = f"{chance.choice(_APPLICATIONS)}{chance.randrange(1, 60)}.example.com"
    nodes = [f"master-{n}.{domain}" for n in range(3)]
    nodes += [f"worker-{n}.{domain}" for n in range(min(60, 2 + int(chance.lognormvariate(1.6, 0.8))))]
    spaces = [f"{name}-{kind}" for name in chance.sample(_APPLICATIONS, 4) for kind in ("prod", "test", "tools")]
    return Ground(tuple(nodes), tuple(spaces[: 3 + int(chance.random() * 9)]))


def _weighed(chance: Random, pairs: tuple[tuple[_T, int], ...]) -> _T:
    return chance.choices([one for one, _ in pairs], [weight for _, weight in pairs])[0]
