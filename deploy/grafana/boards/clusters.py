"""The fleet: which clusters report, which have gone silent, which have the most recommendations."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, row, table, trend
from parts import SECONDS, Column, cell, to
from queries import Queries
from variables import asked

_NOW = "As it is now, whatever the time range (clusters.cluster_overview)."
_CLUSTER = {
    "cluster": Column(link=to(f"/clusters/{cell('cluster')}")),
    "organization": Column(link=to(f"/clusters?organization={cell('organization')}")),
}


def dashboard() -> Dashboard:
    """The clusters that report."""
    sql = Queries("clusters")
    return Dashboard(
        name="clusters",
        title="Clusters",
        about="Clusters that ever sent a valid report: versions, recommendations, who has gone silent, and messages that could not be read.",
        page="/clusters",
        since="now-30d",
        variables=[
            asked(
                "organization",
                "Organisation",
                sql["organization"],
                "Organisation the clusters belong to.",
                several=True,
            ),
            asked("version", "Version", sql["version"], "Minor version of the clusters.", several=True),
        ],
        panels=[
            figures(
                "The fleet",
                sql["totals"],
                f"{_NOW} affected: with at least one recommendation. silent: no report for more than seven days.",
            ),
            bars(
                "Clusters, by version",
                sql["by_version"],
                "version",
                f"All clusters of each minor version, and those with recommendations. {_NOW}",
            ),
            bars(
                "Recommendations, by organisation",
                sql["by_organization"],
                "organization",
                f"The first 15. {_NOW}",
                link=to(f"/clusters?organization={cell('organization')}"),
            ),
            table(
                "Most urgent",
                sql["clusters"],
                f"Most recommendations first, at most 200. disabled: rules that somebody has disabled for it. {_NOW}",
                columns=_CLUSTER,
                height=12,
            ),
            table(
                "Silent clusters",
                sql["silent"],
                "No report for more than seven days, the longest first, at most 200.",
                columns=_CLUSTER | {"silent for": SECONDS},
                width=12,
                height=11,
            ),
            table(
                "Workloads to change",
                sql["namespaces"],
                "Namespaces whose workloads the newest message of the cluster recommends to change, at most 200.",
                columns=_CLUSTER,
                width=12,
                height=11,
            ),
            row("Messages that were no reports"),
            trend(
                "By topic",
                sql["faulty"],
                "Messages by when they were read; the choices above do not apply.",
                draw="bars",
                stacked=True,
            ),
            table(
                "Newest",
                sql["faults"],
                "At most 100, with what is wrong.",
                columns={
                    "read": Column(link=to(f"/clusters/errors/{cell('topic')}/{cell('partition')}/{cell('offset')}"))
                },
                width=12,
            ),
        ],
        queries=sql,
    )
