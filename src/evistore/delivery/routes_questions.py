"""What the doors of the metrics take and answer with: a window, filters, and the evidence behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query

from evistore.delivery.parameters import Moment, Text
from evistore.delivery.routes import BASE
from evistore.delivery.windows import Bucket, Filters, Window, window

T = TypeVar("T")

PREFIX = f"{BASE}/metrics"
Parts = Annotated[Bucket | None, Query(alias="by", description="Also by day, week (from Monday) or month in UTC.")]
Hours = Annotated[
    float,
    Query(
        alias="within_hours",
        gt=0,
        le=24 * 90,
        description="How long before an incident a deployment may lie that only time ties to it.",
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """Window and filters as the request has them."""

    window: Window
    filters: Filters


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """The evidence behind a metric, and the question it answers."""

    window: Window
    filters: Filters
    items: list[T]


def asked(
    *,
    service: Annotated[Text | None, Query(description="Only this service.")] = None,
    environment: Annotated[
        Text | None,
        Query(description="Only this environment; `*` is any. DORA's metrics are of production if none is named."),
    ] = None,
    source: Annotated[Text | None, Query(description="Only what this `context.source` told.")] = None,
    since: Annotated[
        Moment | None, Query(alias="from", description="First moment of the window, UTC; else 90 days before its end.")
    ] = None,
    until: Annotated[Moment | None, Query(description="First moment after the window, UTC; else now.")] = None,
) -> Asked:
    """The window and filters that all metrics take.

    Raises:
        Rejected: ``moment-invalid``.
    """
    return Asked(window(since, until), Filters(service, environment, source))


Question = Annotated[Asked, Depends(asked)]
