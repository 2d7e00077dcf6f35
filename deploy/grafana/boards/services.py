"""What was deployed where and when, and what runs there."""

from __future__ import annotations

from dashboard import Dashboard
from panels import bars, figures, lanes, matrix, row, table, trend
from parts import HIDDEN, SECONDS, Column, cell, to
from queries import Queries
from variables import asked, bucket

_COUNTED = (
    "A service deployed or upgraded in an environment; rollbacks and removals are no deployments (cdviz.deployments)."
)
_ARTIFACT = Column(link=to(f"/artifact?id={cell('artifact')}"))
_SERVICE = Column(link=to(f"/services?service={cell('service')}"))


def dashboard() -> Dashboard:
    """Deployments of services."""
    sql = Queries("services")
    return Dashboard(
        name="services",
        title="Service deployments",
        about="What was deployed where and when, what runs where at the end of the time range, and which version reached which stage.",
        page="/services",
        since="now-30d",
        variables=[
            asked("service", "Service", sql["service"], "Services that any event is about.", several=True),
            asked("environment", "Environment", sql["environment"], "Where they run.", several=True),
            asked("source", "Source", sql["source"], "Who told of the deployments: context.source."),
            bucket(),
        ],
        panels=[
            figures(
                "In this time",
                sql["totals"],
                f"{_COUNTED} rolled back: the next event there is a rollback. without an artifact: the event does not say what was deployed.",
            ),
            trend("Deployments, by environment", sql["by_environment"], _COUNTED, draw="bars", stacked=True),
            bars(
                "Deployments, by service",
                sql["by_service"],
                "service",
                f"The first 15. {_COUNTED}",
                link=to(f"/services?service={cell('service')}"),
            ),
            row("What runs where"),
            matrix(
                "At the end of the time range",
                sql["matrix"],
                "cdviz.what_runs at that moment. Empty: it does not run there; unknown: no event says which "
                "version. Different versions of a service in a line have drifted apart.",
                row="service",
                column="environment",
                value="artifact",
            ),
            lanes(
                "Over the time range",
                sql["lanes"],
                "Which artifact each service ran in each environment; gaps: removed. "
                "With all services chosen, the six deployed most often are shown.",
                height=12,
            ),
            row("One by one"),
            table(
                "Deployments",
                sql["deployments"],
                f"{_COUNTED} Newest first, at most 200. lasted: until the next event in the same place; empty while it runs.",
                columns={
                    "at": Column(link=to(f"/event/{cell('position')}")),
                    "artifact": _ARTIFACT,
                    "service": _SERVICE,
                    "lasted": SECONDS,
                    "position": HIDDEN,
                },
                height=12,
            ),
            table(
                "Versions of the chosen services",
                sql["versions"],
                "When each artifact reached each environment first and last, how often, and whether it runs there now. Choose services to see it.",
                columns={"artifact": _ARTIFACT, "service": _SERVICE},
                height=10,
            ),
        ],
        queries=sql,
    )
