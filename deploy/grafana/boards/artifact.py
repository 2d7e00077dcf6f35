"""One artifact: the stages it reached, where it ran, what it came of."""

from __future__ import annotations

from dashboard import Dashboard
from panels import figures, graph, lanes, table
from parts import HIDDEN, SECONDS, Column, cell, to
from queries import Queries
from variables import asked

_FIRST = "Between the first events of each stage that any event tells (cdviz.artifact_history); not known where one is missing."


def dashboard() -> Dashboard:
    """The way of one artifact."""
    sql = Queries("artifact")
    return Dashboard(
        name="artifact",
        title="Artifact",
        about="The way of one artifact from the merge to where it runs, in any spelling of its package URL.",
        page="/artifact?id=${artifact:percentencode}",
        since="now-90d",
        variables=[
            asked(
                "artifact",
                "Artifact",
                sql["artifact"],
                "The newest 200; type a part of the id to search all.",
                everything=False,
            ),
        ],
        panels=[
            figures(
                "Its way",
                sql["way"],
                f"{_FIRST} Production is what cdviz.production takes for it.",
                columns={
                    "merge to artifact": SECONDS,
                    "artifact to first environment": SECONDS,
                    "merge to production": SECONDS,
                },
            ),
            lanes(
                "Where it ran",
                sql["lanes"],
                "From the event that put it there to the next event in that place; open ends run still.",
                height=8,
            ),
            table(
                "Stages it reached",
                sql["stages"],
                "Merged, built, tested, packaged, signed, published, deployed: oldest first. Changes, builds and tests are found by the links of "
                "their events, and by the chain they share with the artifact. until: when it stopped running there; empty while it runs.",
                columns={
                    "id": Column(link=to(f"/subject?type={cell('kind')}&id={cell('id')}")),
                    "service": Column(link=to(f"/services?service={cell('service')}")),
                    "position": HIDDEN,
                },
                height=12,
            ),
            graph(
                "Provenance",
                sql["nodes"],
                sql["edges"],
                "What it came of, five steps back, and what depends on it, two steps on; at most 60 nodes.",
                link=to(f"/subject?type={cell('detail__type')}&id={cell('detail__id')}"),
            ),
            table(
                "What it came of",
                sql["came_from"],
                "Every node within six steps, each once, with the shortest way to it (cdviz.graph_ancestors).",
                columns={"id": Column(link=to(f"/subject?type={cell('type')}&id={cell('id')}"))},
            ),
        ],
        queries=sql,
    )
