"""Webhooks: who is told of events over HTTP, and how far that has come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from evistore.delivery.feed import Place, Wanted
from evistore.delivery.signatures import fresh_secret
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.posting import Answer, Poster
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "webhooks")

_NAME = re.compile("[a-z0-9][a-z0-9._-]{0,62}")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook, without what is secret of it; *behind* counts no further than 10,000."""

    name: str
    host: str
    subjects: list[str] | None
    predicates: list[str] | None
    sources: list[str] | None
    environments: list[str] | None
    services: list[str] | None
    batch: int
    state: Literal["active", "paused", "disabled"]
    after_position: int
    behind: int
    delivered: int
    delivered_at: datetime | None
    failures: int
    failing_since: datetime | None
    next_try_at: datetime | None
    last_status: int | None
    last_answer: str | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook sends to, and the key it signs with."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A webhook that one worker serves for a while, as *claim*, and where it stands."""

    name: str
    claim: UUID
    target: Target
    wanted: Wanted
    batch: int
    place: Place
    failures: int


def add(tx: Transaction, name: str, url: str, wanted: Wanted, *, position: int | None = None, batch: int = 1) -> str:
    """Let the events after the one at *position* (``None``: from now on) that are *wanted* be sent to *url*. The new secret, which is not told again.

    Raises:
        Rejected: the name is taken, or no name, or the URL is none that can be sent to.
    """
    _check(name, url)
    secret = fresh_secret()
    added = tx.value(
        SQL["add"],
        name=name,
        url=url,
        secret=secret,
        position=position,
        batch=batch,
        subjects=_listed(wanted.subjects),
        predicates=_listed(wanted.predicates),
        sources=_listed(wanted.sources),
        environments=_listed(wanted.environments),
        services=_listed(wanted.services),
    )
    if not added:
        raise Rejected(f"there is a webhook {name} already", code="webhook-exists")
    return secret


def every(tx: Transaction) -> list[Webhook]:
    """All webhooks, by name."""
    return tx.all(Webhook, SQL["every"], name=None)


def one(tx: Transaction, name: str) -> Webhook:
    """The webhook of that name.

    Raises:
        NotFound: there is none.
    """
    return tx.one(Webhook, SQL["every"], name=name)


def target(tx: Transaction, name: str) -> Target:
    """Where the webhook of that name sends to.

    Raises:
        NotFound: there is none.
    """
    return tx.one(Target, SQL["target"], name=name)


def remove(tx: Transaction, name: str) -> None:
    """Forget a webhook, with its place and its secret.

    Raises:
        NotFound: there is none of that name.
    """
    _known(name, found=tx.value(SQL["remove"], name=name))


def pause(tx: Transaction, name: str) -> None:
    """Let a webhook wait where it stands.

    Raises:
        NotFound: there is none of that name.
    """
    _known(name, found=tx.value(SQL["pause"], name=name))


def resume(tx: Transaction, name: str, *, skip: bool = False) -> None:
    """Let a webhook go on at once, whatever held it up; with *skip*, only with what comes from now on.

    Raises:
        NotFound: there is none of that name.
    """
    _known(name, found=tx.value(SQL["resume"], name=name, skip=skip))


def claim(tx: Transaction, claim: UUID, *, lease: float, most: int, failing: bool) -> list[Claimed]:
    """At most *most* webhooks that have something to send, for *lease* seconds, in which nobody else gets them.

    Those whose last attempt failed come last, or without *failing* not at all.
    """
    rows = tx.rows(SQL["claim"], claim=claim, lease=lease, most=most, failing=failing)
    return [
        Claimed(
            row["name"],
            claim,
            Target(row["url"], row["secret"]),
            Wanted(row["subjects"], None, row["predicates"], row["sources"], row["environments"], row["services"]),
            row["batch"],
            Place(int(row["xid"]), row["position"]),
            row["failures"],
        )
        for row in rows
    ]


def settle(tx: Transaction) -> int:
    """Give webhooks of a database that was restored into another cluster places that mean something there; how many, usually none."""
    return tx.value(SQL["settle"])


def advance(tx: Transaction, served: Claimed, place: Place, *, events: int, status: int | None, lease: float) -> bool:
    """Note that everything up to *place* is done, *events* of it sent; whether to go on: somebody may have paused or removed it, or taken it over."""
    return tx.value(
        SQL["advance"],
        name=served.name,
        claim=served.claim,
        xid=str(place.xid),
        position=place.position,
        events=events,
        status=status,
        lease=lease,
    )


def postpone(tx: Transaction, served: Claimed, answer: Answer, *, wait: float, disable: bool) -> None:
    """Note that an attempt failed with *answer*; the next one is in *wait* seconds or, if *disable*, when somebody resumes the webhook."""
    tx.run(
        SQL["postpone"],
        name=served.name,
        claim=served.claim,
        status=answer.status,
        answer=answer.text,
        wait=wait,
        disable=disable,
    )


def leave(tx: Transaction, served: Claimed) -> None:
    """Give the claim up."""
    tx.run(SQL["leave"], name=served.name, claim=served.claim)


def _listed(values: Sequence[str] | None) -> list[str] | None:
    return list(values) if values else None


def _known(name: str, *, found: bool) -> None:
    if not found:
        raise NotFound(f"there is no webhook {name}", code="not-found")


def _check(name: str, url: str) -> None:
    if not _NAME.fullmatch(name):
        raise Rejected(
            "a webhook's name has at most 63 lower-case letters, digits, dots, dashes and underscores",
            code="webhook-name",
        )
    if not _fits(url):
        raise Rejected(
            "a webhook's URL is http:// or https://, with a host, without credentials, of at most 2,000 characters",
            code="webhook-url",
        )


def _fits(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > _LONGEST:
        return False
    try:
        parts = urlsplit(url)
        Poster(url, 1).close()
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except (ValueError, Rejected):
        return False
