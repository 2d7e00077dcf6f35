"""Incidents, the deployments behind them, and how long they lasted."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, row, table, trend
from parts import HIDDEN, RATE, SECONDS, Column, cell, to
from queries import Queries
from variables import asked, bucket

_BEGAN = "Incidents that began in the time range: when they were last detected, else reported."
_KNOWN = (
    "How the deployment behind it is known: artifact (its events name it), event (they name the deployment), service (they name it as the cause), "
    "time (the service's latest deployment, at most a day before); else no-deployment or no-service."
)
_LASTED = "From the beginning to the resolution; open incidents have none."


def dashboard() -> Dashboard:
    """What went wrong."""
    sql = Queries("incidents")
    return Dashboard(
        name="incidents",
        title="Incidents",
        about="Incidents, the deployments behind them and how that is known, how long they lasted.",
        page="/subjects/incident",
        since="now-90d",
        variables=[
            asked(
                "environment",
                "Environment",
                sql["environment"],
                "Production also has the incidents that name no environment.",
            )
            | {"current": {"text": "Production", "value": "(production)", "selected": True}},
            asked(
                "service", "Service", sql["service"], "Affected by the incident, or deployed before it.", several=True
            ),
            asked("source", "Source", sql["source"], "Who told of the incident: context.source."),
            bucket(),
        ],
        panels=[
            figures(
                "In this time",
                sql["totals"],
                f"{_BEGAN} explained: those with a deployment behind them. P50, P95: {_LASTED}",
                columns={"explained": RATE, "P50": SECONDS, "P95": SECONDS},
            ),
            trend(
                "Incidents, by how the cause is known", sql["by_way"], f"{_BEGAN} {_KNOWN}", draw="bars", stacked=True
            ),
            trend(
                "How long each lasted",
                sql["lasted"],
                f"One dot for each that is resolved. {_LASTED}",
                unit="s",
                draw="points",
            ),
            bars(
                "By service",
                sql["by_service"],
                "service",
                f"The service that was deployed before, else the one affected. The first 15. {_BEGAN}",
            ),
            trend(
                "Failed deployment recovery time",
                sql["recovery"],
                "From a failed deployment to the resolution of its last incident, without any to the rollback; by when it was deployed.",
                unit="s",
            ),
            row("One by one"),
            table(
                "Incidents",
                sql["incidents"],
                f"{_BEGAN} Newest first, at most 200. {_KNOWN} lasted: {_LASTED}",
                columns={
                    "incident": Column(link=to(f"/subject?type=incident&id={cell('id')}")),
                    "service": Column(link=to(f"/services?service={cell('service')}")),
                    "artifact": Column(link=to(f"/artifact?id={cell('artifact')}")),
                    "deployed": Column(link=to(f"/event/{cell('position')}")),
                    "lasted": SECONDS,
                    "id": HIDDEN,
                    "position": HIDDEN,
                },
                height=14,
            ),
        ],
        queries=sql,
    )
