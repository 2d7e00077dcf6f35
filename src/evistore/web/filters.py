"""The one row of filters under the top bar. It is the query of the address, and goes along from page to page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from evistore.kernel.errors import Rejected
from evistore.web.words import clock, day, moment

Field = Literal["time", "environment", "service", "source"]

SPANS: Mapping[str, timedelta] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "365d": timedelta(days=365),
}
_WORDS = {
    "1h": "the last hour",
    "24h": "the last 24 hours",
    "7d": "the last 7 days",
    "30d": "the last 30 days",
    "90d": "the last 90 days",
    "365d": "the last year",
}
_TIMES = ("last", "from", "until")
_NAMES = ("environment", "service", "source")
_LONGEST = 2000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asks of every page: a half-open window in UTC, and an environment, a service, a source or none."""

    now: datetime
    last: str | None = None
    """A name of :data:`SPANS`: a window that ends now."""
    since: datetime | None = None
    until: datetime | None = None
    environment: str | None = None
    service: str | None = None
    source: str | None = None

    @classmethod
    def of(cls, query: QueryParams) -> Filters:
        """The filters that *query* names; others of its parameters are the page's own.

        Raises:
            Rejected: ``request-invalid``, a time is none, or a name cannot be one.
        """
        given = {name: value for name in (*_TIMES, *_NAMES) if (value := query.get(name))}
        last = given.get("last")
        if last is not None and last not in SPANS:
            raise Rejected(f"last is one of {', '.join(SPANS)}", code="request-invalid")
        since, until = (_moment(name, given.get(name)) for name in ("from", "until"))
        environment, service, source = (_name(name, given.get(name)) for name in _NAMES)
        return cls(datetime.now(UTC).replace(microsecond=0), last, since, until, environment, service, source)

    @property
    def query(self) -> dict[str, str]:
        """What of them stands in an address, in one order always."""
        times = {
            "last": self.last,
            "from": self.since and moment(self.since),
            "until": self.until and moment(self.until),
        }
        names = {"environment": self.environment, "service": self.service, "source": self.source}
        return {name: value for name, value in (times | names).items() if value}

    def link(self, path: str, **changed: object) -> str:
        """The address of *path* with these filters; ``None`` among *changed* takes one away, ``from_`` is ``from``."""
        told: dict[str, object] = dict(self.query)
        told.update({name.rstrip("_"): value for name, value in changed.items()})
        kept = {name: value for name, value in told.items() if value is not None}
        if not kept:
            return path
        return f"{path}{'&' if '?' in path else '?'}{urlencode(kept)}"

    def window(self, usual: str = "30d") -> Window:
        """The window they ask for; where they ask for none, the *usual* span until now, or all time where that is empty."""
        until = self.until or self.now
        if self.since is not None:
            return Window(self.since, max(until, self.since), _between(self.since, self.until))
        span = self.last or usual
        if not span:
            return Window(_BEGINNING, until, "all time" if self.until is None else f"the time before {clock(until)}")
        return Window(
            until - SPANS[span], until, _WORDS[span] if self.until is None else f"{_WORDS[span]} before {clock(until)}"
        )

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """The window they ask for, open where they say nothing."""
        if self.last and self.since is None:
            window = self.window()
            return window.since, self.until
        return self.since, self.until


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time ``[since, until)``, UTC, and what people call it."""

    since: datetime
    until: datetime
    words: str

    @property
    def days(self) -> float:
        """Its length in days."""
        return (self.until - self.since) / timedelta(days=1)

    @property
    def before(self) -> Window:
        """The window of the same length just before, to compare with."""
        return Window(self.since - (self.until - self.since), self.since, "the time before")


@dataclass(frozen=True, slots=True)
class Row:
    """The row of filters of one page: those it applies, and those it only hands on."""

    filters: Filters
    applied: Sequence[Field]
    usual: str = "30d"
    choices: Mapping[str, Sequence[str]] | None = None
    """Values to choose from, by field."""

    @classmethod
    def of(
        cls, query: QueryParams, *applied: Field, usual: str = "30d", choices: Mapping[str, Sequence[str]] | None = None
    ) -> Row:
        """The row of a page that applies these fields to what *query* asks for, with a *usual* span where it asks for no time.

        Raises:
            Rejected: ``request-invalid``, as :meth:`Filters.of`.
        """
        return cls(Filters.of(query), applied, usual, choices)

    @property
    def window(self) -> Window:
        """The window that the page shows."""
        return self.filters.window(self.usual)

    @property
    def told(self) -> list[str]:
        """What the page shows, in full, for the record: the window and every filter."""
        window = self.window
        ever = window.since == _BEGINNING
        times = (
            [window.words if ever else f"{clock(window.since)} to {clock(window.until)}"]
            if "time" in self.applied
            else []
        )
        return times + [f"{name} {value}" for name, value in self.filters.query.items() if name in self.applied]

    @property
    def idle(self) -> list[tuple[str, str]]:
        """Filters that are set, but mean nothing here."""
        asked = self.filters.query
        times = [] if "time" in self.applied else [name for name in _TIMES if name in asked]
        return [(name, asked[name]) for name in (*times, *(n for n in _NAMES if n in asked and n not in self.applied))]

    @property
    def spans(self) -> list[tuple[str, str, bool]]:
        """The spans to choose from: name, words, whether it is the one that is shown."""
        chosen = None if self.filters.since else self.filters.last or self.usual
        return [(name, _WORDS[name], name == chosen) for name in SPANS]

    @property
    def named(self) -> list[tuple[str, str, Sequence[str]]]:
        """The names that can be asked for: field, value, choices."""
        return [
            (name, self.filters.query.get(name, ""), (self.choices or {}).get(name, ()))
            for name in _NAMES
            if name in self.applied
        ]

    @property
    def set(self) -> bool:
        """Whether any filter is set."""
        return bool(self.filters.query)


def _between(since: datetime, until: datetime | None) -> str:
    return f"{day(since)} to {day(until)}" if until else f"the time since {clock(since)}"


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Rejected(f"{name} is no time such as 2026-03-20T14:00Z", code="request-invalid") from error


def _name(name: str, text: str | None) -> str | None:
    if text is not None and ("\0" in text or len(text) > _LONGEST or _unfit(text)):
        raise Rejected(f"{name} holds what no name can hold", code="request-invalid")
    return text


def _unfit(text: str) -> bool:
    """Whether it holds half a character, which cannot be sent to the database."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)
