"""What panels are made of: a query's columns and where they lead, and the form that all panels share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from variables import SOURCE, Json

UNKNOWN: Json = {"noValue": "not known"}
# Told apart by colour-blind eyes, and always named beside.
COLOURS = {
    "passed": "#4477AA",
    "failed": "#CC6633",
    "cancelled": "#999999",
    "unknown": "#CCBB44",
    "appeared": "#CC6633",
    "resolved": "#4477AA",
    "created": "#CC6633",
    "closed": "#4477AA",
}


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of an answer is shown: its unit, where it leads, whether it is only there for links."""

    unit: str | None = None
    link: str | None = None
    hidden: bool = False
    decimals: int | None = None

    @property
    def properties(self) -> list[Json]:
        """As Grafana's overrides have it."""
        link = [{"title": "Open in Evistore", "url": self.link, "targetBlank": True}] if self.link else None
        told = {
            "unit": self.unit,
            "links": link,
            "custom.hidden": self.hidden or None,
            "decimals": self.decimals,
        }
        return [{"id": key, "value": value} for key, value in told.items() if value is not None]


HIDDEN = Column(hidden=True)
SECONDS = Column(unit="s")
RATE = Column(unit="percentunit", decimals=1)
Columns = Mapping[str, Column]
LEGEND: Json = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}


def to(path: str) -> str:
    """The address of a page of Evistore."""
    return "${evistore}" + path


def cell(name: str) -> str:
    """The value of a column in the row of a link, for an address."""
    return f'${{__data.fields["{name}"]:percentencode}}'


def panel(
    kind: str,
    title: str,
    about: str,
    targets: Sequence[tuple[str, str, str]],
    *,
    size: tuple[int, int],
    options: Json,
    defaults: Json,
    columns: Columns | None = None,
    coloured: bool = False,
) -> Json:
    """A panel of a kind with its *targets*: name, SQL, and table or time_series. *coloured*: series that have a colour everywhere get it."""
    shown = [(name, column.properties) for name, column in (columns or {}).items()]
    if coloured:
        shown += [
            (name, [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}])
            for name, colour in COLOURS.items()
        ]
    return {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": SOURCE,
        "gridPos": {"w": size[0], "h": size[1]},
        "targets": [_target(*target) for target in targets],
        "options": options,
        "fieldConfig": {
            "defaults": defaults,
            "overrides": [
                {"matcher": {"id": "byName", "options": name}, "properties": properties} for name, properties in shown
            ],
        },
    }


def one(sql: str) -> list[tuple[str, str, str]]:
    """The only target of a panel, as a table."""
    return [("A", sql, "table")]


def _target(name: str, sql: str, form: str) -> Json:
    return {
        "refId": name,
        "datasource": SOURCE,
        "editorMode": "code",
        "rawQuery": True,
        "format": form,
        "rawSql": sql,
    }


def defaults_of(unit: str, custom: Json | None = None) -> Json:
    """How all fields of a panel are shown."""
    return {"unit": unit, "custom": custom or {}, "mappings": [], "links": []}
