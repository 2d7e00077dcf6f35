"""The generated platform at one moment: its chance, what is due next, and what runs where.

Steps are due at a moment and run in order of time; a step tells events and asks for further steps, never in the past.
All moments are milliseconds since 1970, UTC.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import heappop, heappush
from itertools import accumulate, count
from random import Random
from typing import Any

from evistore.delivery.history.catalogue import ENVIRONMENTS, Service, catalogue
from evistore.delivery.history.producers import Form
from evistore.delivery.history.rhythm import DAY, MINUTE, SECOND

_DRAWS = 4096
_MASK = (1 << 60) - 1
_MIX_1, _MIX_2 = 0x9E3779B97F4A7C1, 0x2545F4914F6CDD1  # odd: multiples modulo 2^60 meet again only after 2^60 steps
_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02d}" for second in range(60))
_MILLIS = tuple(f".{milli:03d}Z" for milli in range(1000))


@dataclass(frozen=True, slots=True)
class Release:
    """One artifact of a service on its way through the environments."""

    number: int
    service: Service
    artifact: str
    chain: str


@dataclass(slots=True)
class Place:
    """What one service runs in one environment; nothing may be deployed there before `closed_until`."""

    current: Release | None = None
    previous: Release | None = None
    dropped: Release | None = None
    """Ran before the previous one: nothing here comes back to it."""
    closed_until: int = 0

    def needs(self, release: Release) -> bool:
        """Whether *release*, or an older one, runs here or may come back."""
        return any(kept.number <= release.number for kept in (self.current, self.previous) if kept)

    def take(self, release: Release) -> None:
        """Run *release* from now on."""
        self.dropped, self.previous, self.current = self.previous or self.dropped, self.current, release


class World:
    """Everything the steps share; made anew with the same seed, it takes the same course.

    `number` gives the numbers of runs, changes and tickets; `told` counts the events that were handed out;
    `retired` holds the names of the services that are gone for good.
    """

    def __init__(self, *, seed: int, services: int) -> None:
        self.chance = Random(seed)
        self.services = catalogue(services, self.chance)
        self.places = {service.name: tuple(Place() for _ in ENVIRONMENTS) for service in self.services}
        self.retired: set[str] = set()
        self.number = count(1).__next__
        self.told = 0
        self._weights = tuple(accumulate(service.weight for service in self.services))
        self._short = tuple(self.chance.lognormvariate(0, 0.5) for _ in range(_DRAWS))
        self._wide = tuple(self.chance.lognormvariate(0, 1.0) for _ in range(_DRAWS))
        self._due: list[tuple[int, int, Callable[..., None] | None, Any]] = []
        self._order = count().__next__
        self._identified = count(1).__next__
        self._days: dict[int, str] = {}
        digest = blake2b(str(seed).encode(), digest_size=16).digest()
        self._salt_1 = int.from_bytes(digest[:8], "big")
        self._salt_2 = int.from_bytes(digest[8:], "big")

    def later(self, at: int, step: Callable[..., None], *args: Any) -> None:
        """Run ``step(world, at, *args)`` when the clock reads *at*."""
        heappush(self._due, (at, self._order(), step, args))

    def tell(
        self,
        at: int,
        form: Form,
        subject: str,
        content: str = "{}",
        *,
        chain: str = "",
        links: str = "",
        more: str = "",
    ) -> str:
        """Let an event happen at *at*; its id. *chain*, *links* and *more* are members, each with a leading comma."""
        key = self.identifier()
        if not form.linked:
            chain = links = ""
        text = (
            f'{form.head}{key}","timestamp":"{self._moment(at)}"{chain}{links}}},'
            f'"subject":{{"id":"{subject}{form.subject}{content}}}{more}}}'
        )
        heappush(self._due, (at, self._order(), None, text))
        return key

    def texts(self, end: int | None = None) -> Iterator[str]:
        """The events in order of time, those before *end* if given; without, it never ends while steps go on."""
        due = self._due
        while due and (end is None or due[0][0] < end):
            at, _, step, payload = heappop(due)
            if step is None:
                self.told += 1
                yield payload
            else:
                step(self, at, *payload)

    def likely(self, part: float) -> bool:
        """True in *part* of all cases."""
        return self.chance.random() < part

    def took(self, seconds: float) -> int:
        """A machine's duration in milliseconds, log-normal with the median *seconds*."""
        return int(seconds * SECOND * self._short[int(self.chance.random() * _DRAWS)]) + 1

    def waited(self, hours: float) -> int:
        """A human's duration in milliseconds, log-normal and wide, with the median *hours*."""
        return int(hours * 60 * MINUTE * self._wide[int(self.chance.random() * _DRAWS)]) + 1

    def service(self) -> Service:
        """Some service that is not retired, those much worked on more often."""
        while True:
            found = self.chance.choices(self.services, cum_weights=self._weights)[0]
            if found.name not in self.retired:
                return found

    def busy(self, service: Service, at: int) -> bool:
        """Whether a deployment of *service* is under way somewhere, or the way back from one."""
        return any(at < place.closed_until for place in self.places[service.name])

    def identifier(self) -> str:
        """A new UUID, the same at the same place of the same history."""
        number = self._identified()
        left = f"{(number * _MIX_1 + self._salt_1) & _MASK:015x}"
        right = f"{(number * _MIX_2 + self._salt_2) & _MASK:015x}"
        return f"{left[:8]}-{left[8:12]}-4{left[12:]}-a{right[:3]}-{right[3:]}"

    def chain(self) -> str:
        """The member of a new chain."""
        return f',"chainId":"{self.identifier()}"'

    def _moment(self, at: int) -> str:
        day, rest = divmod(at, DAY)
        minute, millis = divmod(rest, MINUTE)
        if day not in self._days:
            self._days[day] = f"{datetime.fromtimestamp(day * DAY // SECOND, UTC):%Y-%m-%dT}"
        return f"{self._days[day]}{_MINUTES[minute]}{_SECONDS[millis // SECOND]}{_MILLIS[millis % SECOND]}"
