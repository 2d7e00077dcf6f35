"""A dashboard as Grafana keeps it: panels laid out from left to right, and the variables above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries import Queries
from variables import Json, datasource, evistore

_COLUMNS = 24
_MODEL = 39
"""Grafana's number for this form of a dashboard, that of 11.0; later ones bring it up to theirs when they read it."""
TAG = "evistore"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What one dashboard is about."""

    name: str
    title: str
    about: str
    page: str
    """The page of Evistore that answers the same question."""
    since: str
    variables: Sequence[Json]
    panels: Sequence[Json]
    queries: Queries

    def model(self, address: str) -> Json:
        """The dashboard in JSON, with links to the Evistore at *address*.

        Raises:
            ValueError: a statement of its file is asked by nothing.
        """
        if self.queries.unused:
            raise ValueError(f"nothing asks {', '.join(self.queries.unused)} of queries/{self.name}.sql")
        return {
            "id": None,
            "uid": f"evistore-{self.name}",
            "title": f"Evistore: {self.title}",
            "description": self.about,
            "tags": [TAG],
            "schemaVersion": _MODEL,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "timezone": "utc",
            "weekStart": "monday",
            "refresh": "",
            "time": {"from": self.since, "to": "now"},
            "timepicker": {},
            "annotations": {"list": []},
            "links": _links(self.page),
            "templating": {"list": [datasource(), *self.variables, evistore(address)]},
            "panels": _placed(self.panels),
        }


def _links(page: str) -> list[Json]:
    joint = "&" if "?" in page else "?"
    return [
        {
            "type": "dashboards",
            "title": "Evistore",
            "tags": [TAG],
            "asDropdown": True,
            "keepTime": True,
            "includeVars": False,
        },
        {
            "type": "link",
            "title": "The same in Evistore",
            "url": f"${{evistore}}{page}{joint}from=${{__from:date:iso}}&until=${{__to:date:iso}}",
            "icon": "external link",
            "targetBlank": True,
        },
    ]


def _placed(panels: Sequence[Json]) -> list[Json]:
    """The panels one after another, in lines that are as high as the highest in them."""
    placed: list[Json] = []
    x = y = height = 0
    for number, panel in enumerate(panels, 1):
        size = panel["gridPos"]
        if x + size["w"] > _COLUMNS:
            x, y, height = 0, y + height, 0
        placed.append({"id": number, **panel, "gridPos": {"x": x, "y": y, **size}})
        x, height = x + size["w"], max(height, size["h"])
    return placed
