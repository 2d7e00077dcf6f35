"""Recommendations over all clusters and over time."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, row, table, trend
from parts import HIDDEN, SECONDS, Column, cell, to
from queries import Queries
from variables import asked

_NOW = "As it is now, whatever the time range."
_TIMES = "By the times of the reports (LastChecked), in UTC. Clusters that were cleaned away are not counted."
_RECOMMENDATION = {
    "recommendation": Column(link=to(f"/clusters/recommendations/{cell('rule_id')}")),
    "rule_id": HIDDEN,
}


def dashboard() -> Dashboard:
    """What is recommended to the fleet."""
    sql = Queries("recommendations")
    return Dashboard(
        name="recommendations",
        title="Recommendations",
        about="What is recommended to how many clusters, what comes up and is resolved, and what people say about it.",
        page="/clusters/recommendations",
        since="now-30d",
        variables=[
            asked(
                "organization",
                "Organisation",
                sql["organization"],
                "Organisation the clusters belong to now.",
                several=True,
            ),
            asked(
                "rule",
                "Recommendation",
                sql["rule"],
                "Rule and finding, rule|KEY, that any cluster ever had.",
                several=True,
            ),
        ],
        panels=[
            figures(
                "Standing now",
                sql["standing"],
                f"{_NOW} standing: recommendations, each counted for every cluster it stands for. acknowledged: by their organisation.",
                width=14,
            ),
            figures(
                "Resolved in this time",
                sql["resolved"],
                f"P50: how long those stood. {_TIMES}",
                columns={"P50": SECONDS},
                width=10,
            ),
            trend(
                "Standing at the end of each day",
                sql["trend"],
                f"All that came up until then less all that was resolved. {_TIMES} Not known before the first.",
            ),
            trend("Came up and resolved, per day", sql["flow"], _TIMES, draw="bars"),
            bars("On most clusters", sql["widest"], "recommendation", f"The first 15. {_NOW}"),
            bars(
                "By version of the cluster",
                sql["by_version"],
                "version",
                f"Clusters that have any, and how many they have. {_NOW}",
            ),
            row("One by one"),
            table(
                "Recommendations",
                sql["recommendations"],
                f"On most clusters first, at most 200. disabled: clusters for which somebody disabled it; likes, dislikes: votes. {_NOW}",
                columns=_RECOMMENDATION,
                height=12,
            ),
            table(
                "What changed",
                sql["changes"],
                f"Newest first, at most 200. lasted: how long it stood. {_TIMES}",
                columns=_RECOMMENDATION
                | {
                    "cluster": Column(link=to(f"/clusters/{cell('cluster')}")),
                    "organization": Column(link=to(f"/clusters?organization={cell('organization')}")),
                    "lasted": SECONDS,
                },
                height=12,
            ),
        ],
        queries=sql,
    )
