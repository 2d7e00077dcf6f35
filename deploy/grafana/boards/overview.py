"""DORA's five metrics, how well each is known, and the evidence behind them."""

from __future__ import annotations

from dashboard import Dashboard
from panels import row, stat, table, trend
from parts import HIDDEN, SECONDS, Column, cell, to
from queries import Queries
from variables import asked, bucket

_KNOWN = "How many it is counted from, and what is not known, stands in the table below."
_FREQUENCY = (
    "How often something is deployed: deployments (a service deployed or upgraded in an environment; no rollbacks, no removals) divided by "
    "the days of the time range. Not known until a first deployment is."
)
_LEAD = (
    "From the merge of a change to the first deployment of the artifact it is in, over all changes of the releases in the time range. "
    "A release whose change or merge no event tells has no lead time."
)
_FAILURES = (
    "Deployments that failed divided by all. One failed when the next event in its place is a rollback, or when an incident is its doing: by the "
    "artifact, the event or the service that the incident names, else by time, at most a day before."
)
_RECOVERY = (
    "From a failed deployment to the resolution of the last of its incidents, without incidents to the rollback. Failed deployments "
    "with an open incident have not recovered and are left out."
)
_REWORK = (
    "Deployments that were rework divided by all. One is rework when it came while an incident of its service was open there, or "
    "right after a rollback."
)
_PLACE = {
    "at": Column(link=to(f"/event/{cell('position')}")),
    "service": Column(link=to(f"/services?service={cell('service')}")),
    "artifact": Column(link=to(f"/artifact?id={cell('artifact')}")),
    "position": HIDDEN,
}


def dashboard() -> Dashboard:
    """The first dashboard that people open."""
    sql = Queries("overview")
    return Dashboard(
        name="overview",
        title="Delivery",
        about="How fast and how safely software reaches production: DORA's metrics, as cdviz.* functions count them, in UTC.",
        page="/",
        since="now-90d",
        variables=[
            asked(
                "environment",
                "Environment",
                sql["environment"],
                "Production is what cdviz.production takes for it.",
            )
            | {"current": {"text": "Production", "value": "(production)", "selected": True}},
            asked("service", "Service", sql["service"], "All of them together, or some side by side.", several=True),
            asked("source", "Source", sql["source"], "Who told of the deployments: context.source."),
            bucket(),
        ],
        panels=[
            stat(
                "Deployment frequency, per day",
                sql["deployment_frequency"],
                "per_day",
                f"{_FREQUENCY} {_KNOWN}",
                width=5,
            ),
            stat("Lead time for changes, P50", sql["lead_time"], "p50_seconds", f"{_LEAD} {_KNOWN}", unit="s", width=5),
            stat(
                "Change failure rate", sql["failure_rate"], "rate", f"{_FAILURES} {_KNOWN}", unit="percentunit", width=5
            ),
            stat(
                "Failed deployment recovery, P50",
                sql["recovery_time"],
                "p50_seconds",
                f"{_RECOVERY} {_KNOWN}",
                unit="s",
                width=5,
            ),
            stat("Deployment rework rate", sql["rework_rate"], "rate", f"{_REWORK} {_KNOWN}", unit="percentunit"),
            row("Over time"),
            trend("Deployment frequency, per day", sql["frequency_trend"], _FREQUENCY, draw="bars"),
            trend("Lead time for changes", sql["lead_time_trend"], f"{_LEAD} Percentiles 50, 80 and 95.", unit="s"),
            trend("Change failure rate", sql["failure_rate_trend"], _FAILURES, unit="percentunit"),
            trend(
                "Failed deployment recovery time",
                sql["recovery_time_trend"],
                f"{_RECOVERY} By when it was deployed.",
                unit="s",
            ),
            trend("Deployment rework rate", sql["rework_rate_trend"], _REWORK, unit="percentunit"),
            trend(
                "Stages of the lead time",
                sql["lead_time_stages"],
                "Medians: from the merge to the end of the build, to the "
                "published (else packaged) artifact, to production. They do not add up to the median of the whole.",
                unit="s",
            ),
            row("How well it is known, and by what"),
            table(
                "Coverage",
                [sql[f"coverage_{name}"] for name in ("frequency", "lead_time", "failures", "recovery", "rework")],
                "What each number above is counted from, how many could not be explained, and why. "
                "Lead time: items are changes, unexplained are releases. Failure rate: unexplained are incidents without a deployment.",
                width=24,
                height=8,
            ),
            table(
                "Deployments that failed",
                sql["failed"],
                f"{_FAILURES} Newest first, at most 200. Recovery is empty while an incident is open.",
                columns=_PLACE | {"recovery": SECONDS},
                width=12,
                height=10,
            ),
            table(
                "Changes that reached production",
                sql["changes"],
                f"{_LEAD} Where there is none, the reason stands beside it. Newest first, at most 200.",
                columns=_PLACE
                | {"lead time": SECONDS, "change": Column(link=to(f"/subject?type=change&id={cell('change')}"))},
                width=12,
                height=10,
            ),
        ],
        queries=sql,
    )
