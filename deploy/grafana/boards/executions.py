"""Runs of pipelines, tasks, test suites, test cases and builds: how long, how often failed, which flaky, which stuck."""

from __future__ import annotations

from dashboard import Dashboard
from panels import row, stat, table, trend
from parts import HIDDEN, RATE, SECONDS, Column, cell, to
from queries import Queries
from variables import asked, bucket, fixed

_KINDS = {
    "pipelinerun": "Pipelines",
    "taskrun": "Tasks",
    "testsuiterun": "Test suites",
    "testcaserun": "Test cases",
    "build": "Builds",
}
_FINISHED = "Of the runs that finished in the time range; a run whose id was used again counts once, as its last."
_TOOK = f"From start to finish. {_FINISHED} Runs whose start is not known are left out and counted as unexplained."
_RATE = f"Failed runs divided by those that passed or failed; cancelled ones are neither. {_FINISHED}"
_RUN = {
    "run": Column(link=to(f"/subject?type={cell('kind')}&id={cell('run')}")),
    "kind": HIDDEN,
}


def dashboard() -> Dashboard:
    """One dashboard for every kind of run."""
    sql = Queries("executions")
    return Dashboard(
        name="executions",
        title="Executions",
        about="Pipelines, tasks, test suites, test cases and builds: durations, time in the queue, failures, flaky tests, stuck runs.",
        page="/pipelines",
        since="now-30d",
        variables=[
            fixed("kind", "Runs of", _KINDS, "What ran."),
            asked("name", "Name", sql["name"], "All of them together, or some side by side.", several=True),
            asked("service", "Service", sql["service"], "What most of the newest artifacts of a service came of."),
            asked("environment", "Environment", sql["environment"], "Where it ran; only tests say so."),
            asked("source", "Source", sql["source"], "Who told it: context.source."),
            bucket(),
        ],
        panels=[
            stat("Runs", sql["whole"], "runs", _FINISHED),
            stat("Failure rate", sql["whole"], "failure_rate", _RATE, unit="percentunit"),
            stat("Duration, P50", sql["whole"], "p50_seconds", _TOOK, unit="s"),
            stat("Duration, P95", sql["whole"], "p95_seconds", _TOOK, unit="s"),
            stat(
                "Time in the queue, P50",
                sql["whole"],
                "queue_p50_seconds",
                f"From queued to start, where both are known. {_FINISHED}",
                unit="s",
            ),
            stat(
                "Unexplained",
                sql["whole"],
                "unexplained",
                "Runs whose start or outcome is not known; the reasons stand in the table below.",
            ),
            row("Over time"),
            trend("Durations", sql["durations"], f"Percentiles 50, 80 and 95. {_TOOK}", unit="s"),
            trend(
                "Outcomes",
                sql["outcomes"],
                f"How the runs ended; unknown is an outcome that no event tells. {_FINISHED}",
                draw="bars",
                stacked=True,
            ),
            trend("Failure rate", sql["failures"], _RATE, unit="percentunit"),
            trend(
                "Every run", sql["dots"], f"One dot for each of the newest 2,000 runs. {_TOOK}", unit="s", draw="points"
            ),
            row("One by one"),
            table(
                "By name",
                sql["statistics"],
                f"{_TOOK} {_RATE} The busiest 200.",
                columns={
                    "name": Column(link=to(f"/pipelines?name={cell('key')}")),
                    "failure rate": RATE,
                    "P50": SECONDS,
                    "P80": SECONDS,
                    "P95": SECONDS,
                    "queue P50": SECONDS,
                    "key": HIDDEN,
                },
                height=11,
            ),
            table(
                "Failed runs",
                sql["failed"],
                f"Newest first, at most 200. {_FINISHED}",
                columns=_RUN | {"took": SECONDS},
                width=12,
                height=11,
            ),
            table(
                "Stuck runs",
                sql["stuck"],
                "Started or queued in the time range, more than four hours ago, and not finished or skipped since. The oldest 200.",
                columns=_RUN | {"for": SECONDS},
                width=12,
                height=11,
            ),
            table(
                "Flaky",
                sql["flaky"],
                "Both passed and failed on the same state of the code: runs that share chain and environment or, without a chain, the run they are "
                "part of. Flaky rate: states with both outcomes divided by states with several runs. Unexplained: runs that belong to no state.",
                columns={
                    "flaky rate": RATE,
                    "sample": Column(link=to(f"/subject?type={cell('kind')}&id={cell('sample')}")),
                    "kind": HIDDEN,
                },
                height=10,
            ),
        ],
        queries=sql,
    )
