"""The platform: teams own repositories, repositories hold services, services run in four environments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, cycle, product
from random import Random
from typing import Final

from evistore.delivery.history.producers import (
    ARGO_LIVE,
    ARGO_TEST,
    CI,
    FORGE,
    FORGE_EVENTS,
    JENKINS,
    TEKTON,
    Producer,
)

_AREAS: Final = [
    "payments",
    "checkout",
    "catalog",
    "search",
    "identity",
    "shipping",
    "inventory",
    "pricing",
    "ledger",
    "billing",
    "notifications",
    "recommendations",
    "analytics",
    "fulfilment",
    "returns",
    "loyalty",
    "fraud",
    "support",
    "content",
    "orders",
]
_ROLES: Final = (
    "",
    *["-api", "-worker", "-gateway", "-events", "-ui", "-batch", "-admin", "-sync", "-reports", "-webhooks"],
)
_SPLITS: Final = ((0, 3), (3, 4), (4, 6), (6, 10), (10, 11))
_PACKAGES: Final = ("npm", "maven", "pypi")
TESTS: Final = (
    "rejects-empty-input",
    "accepts-smallest-order",
    "keeps-totals-exact",
    "retries-once",
    "rounds-half-even",
    "expires-sessions",
    "sorts-by-date",
    "survives-restart",
    "limits-page-size",
    "escapes-markup",
    "refuses-duplicates",
    "reads-old-format",
)
_FLAKY = 0.25
"""Part of the services with a flaky test."""
_RARE = 0.004
"""Weight of the service that is hardly ever touched."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a team keeps the sources of some services."""

    name: str
    team: str
    forge: Producer
    ci: Producer
    package: str | None
    """Kind of library published beside the images (`npm`), if any."""

    @property
    def page(self) -> str:
        """Where people read it."""
        return f"https://git.example.com/shop/{self.name}"


@dataclass(frozen=True, slots=True)
class Service:
    """Something deployed; *weight* says how often it is worked on, *flaky* names its tests that fail for no reason."""

    name: str
    repository: Repository
    weight: float
    flaky: frozenset[str]


@dataclass(frozen=True, slots=True)
class Environment:
    """A place to run; *share* of the releases get there from the place before, *hours* (median) after it."""

    name: str
    deployer: Producer
    share: float
    hours: float
    bad: float
    """Part of the deployments that turn out bad."""


ENVIRONMENTS: Final = (
    Environment("dev", ARGO_TEST, 1.0, 0.04, 0.02),
    Environment("staging", ARGO_TEST, 0.84, 0.6, 0.03),
    Environment("prod-eu", ARGO_LIVE, 0.75, 5.0, 0.055),
    Environment("prod-us", ARGO_LIVE, 0.97, 1.5, 0.025),
)


def catalogue(size: int, chance: Random) -> tuple[Service, ...]:
    """*size* services in their repositories, all names different; the last one is hardly ever touched."""
    services: list[Service] = []
    producers = cycle((CI, TEKTON, CI, TEKTON, CI, TEKTON, CI, JENKINS))
    names = _names()
    while len(services) < size:
        area, number, found = next(names)
        repository = _repository(found[0], area, number, next(producers))
        services += [_service(name, repository, chance) for name in found]
    last = services[size - 1]
    return (*services[: size - 1], replace(last, weight=_RARE))


def _names() -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Area, number of the repository, names of its services, without end; one to four services in a repository."""
    number = 0
    for generation in count(1):
        suffix = f"-{generation}" if generation > 1 else ""
        for (start, end), area in product(_SPLITS, _AREAS):
            number += 1
            yield area, number, tuple(f"{area}{role}{suffix}" for role in _ROLES[start:end])


def _repository(name: str, area: str, number: int, ci: Producer) -> Repository:
    return Repository(
        name=name,
        team=f"team-{area}",
        forge=FORGE_EVENTS if number % 3 == 0 else FORGE,
        ci=ci,
        package=_PACKAGES[number // 4 % 3] if number % 4 == 0 else None,
    )


def _service(name: str, repository: Repository, chance: Random) -> Service:
    flaky = frozenset(chance.sample(TESTS, 1)) if chance.random() < _FLAKY else frozenset[str]()
    return Service(name, repository, chance.lognormvariate(0, 0.7), flaky)
