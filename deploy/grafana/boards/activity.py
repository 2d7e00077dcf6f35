"""How much happens, who tells it, what was refused."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, row, table, trend
from parts import HIDDEN, Column, cell, to
from queries import Queries
from variables import asked

_COUNTED = "From cdviz.activity_daily, by the events' own times in UTC: exact to the last event, late ones included."


def dashboard() -> Dashboard:
    """What comes in."""
    sql = Queries("activity")
    return Dashboard(
        name="activity",
        title="Activity",
        about="How many events there are, of what and from whom; which sources fell silent; what was refused.",
        page="/",
        since="now-30d",
        variables=[
            asked("subject", "About", sql["subject"], "Kind of subject.", several=True),
            asked("source", "Source", sql["source"], "Who told it: context.source.", several=True),
        ],
        panels=[
            figures(
                "In this time",
                sql["totals"],
                f"Events, and how many different sources, kinds of subjects and days they have. {_COUNTED}",
                width=14,
            ),
            figures(
                "Silent sources, now",
                sql["silent"],
                "Sources that have been quiet for more than twice the longest pause they made in 90 days, and for more than two days.",
                width=5,
            ),
            figures(
                "In quarantine, now",
                sql["waiting"],
                "Messages that were refused and that nobody has replayed or dropped yet.",
                width=5,
            ),
            trend(
                "Events per day, by what they are about",
                sql["by_subject"],
                _COUNTED,
                draw="bars",
                stacked=True,
                width=24,
            ),
            bars(
                "Busiest sources",
                sql["by_source"],
                "source",
                f"The first 15. {_COUNTED}",
                link=to(f"/events?source={cell('source')}"),
            ),
            bars("What happens most", sql["by_kind"], "kind", f"The first 15 kinds of events. {_COUNTED}"),
            row("Sources"),
            table(
                "Rhythm of the sources",
                sql["rhythm"],
                "Sources of the last 90 days, by days with events. silent: quiet for more than twice its longest pause, and for more than two days. "
                "Fewer than five days with events tell no rhythm.",
                columns={"source": Column(link=to(f"/events?source={cell('source')}"))},
            ),
            row("What was refused"),
            trend(
                "Into quarantine, by reason",
                sql["quarantine"],
                "Messages by when they came. The same content again counts once.",
                draw="bars",
                stacked=True,
            ),
            table(
                "Newest in quarantine",
                sql["refused"],
                "At most 100. seen: how often the same came.",
                columns={"received": Column(link=to(f"/quarantine/{cell('id')}")), "id": HIDDEN},
                width=12,
            ),
            row("Events"),
            table(
                "Newest events",
                sql["latest"],
                "At most 100. For rare kinds or sources only the newest 20,000 events of the time range are looked at.",
                columns={
                    "at": Column(link=to(f"/event/{cell('position')}")),
                    "id": Column(link=to(f"/subject?type={cell('subject')}&id={cell('id')}")),
                    "position": HIDDEN,
                },
                height=12,
            ),
        ],
        queries=sql,
    )
