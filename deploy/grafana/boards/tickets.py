"""Tickets: what was asked for, what was closed, what is open."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, table, trend
from parts import HIDDEN, SECONDS, Column, cell, to
from queries import Queries
from variables import asked, bucket

_CREATED = "Tickets that were created in the time range, as far as an event tells when."
_TOOK = "From creation to closing; tickets that were opened again are open, tickets whose creation no event tells are left out."


def dashboard() -> Dashboard:
    """What people asked for."""
    sql = Queries("tickets")
    return Dashboard(
        name="tickets",
        title="Tickets",
        about="Tickets: created, closed, open, and how long they took.",
        page="/subjects/ticket",
        since="now-90d",
        variables=[
            asked("source", "Source", sql["source"], "Who told it: context.source.", several=True),
            asked("kind", "Kind", sql["kind"], "ticketType of the newest event.", several=True),
            bucket(),
        ],
        panels=[
            figures(
                "Created in this time",
                sql["totals"],
                f"{_CREATED} closed and open: of these, now. P50, P95: {_TOOK}",
                columns={"P50": SECONDS, "P95": SECONDS},
            ),
            trend(
                "Created and closed",
                sql["flow"],
                "Tickets by when they were created and by when they were closed last.",
                draw="bars",
            ),
            trend(
                "How long each took",
                sql["took"],
                f"One dot for each that was closed in the time range, when it was. {_TOOK}",
                unit="s",
                draw="points",
            ),
            bars("By kind", sql["by_kind"], "kind", f"{_CREATED} The first 15 kinds.", width=8),
            table(
                "Tickets",
                sql["tickets"],
                f"{_CREATED} Newest first, at most 200. took: {_TOOK}",
                columns={
                    "ticket": Column(link=to(f"/subject?type=ticket&id={cell('id')}")),
                    "took": SECONDS,
                    "id": HIDDEN,
                },
                width=16,
                height=14,
            ),
        ],
        queries=sql,
    )
