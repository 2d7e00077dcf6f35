"""Panels: what a query's answer is drawn as. Each says in its description what its numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from parts import LEGEND, UNKNOWN, Columns, defaults_of, one, panel
from variables import Json

Draw = Literal["line", "bars", "points"]


def stat(title: str, sql: str, field: str, about: str, *, unit: str = "short", width: int = 4) -> Json:
    """One number for each row of the answer, named by its text."""
    options = _numbers({"values": True, "calcs": [], "limit": 12, "fields": f"/^{field}$/"})
    return panel("stat", title, about, one(sql), size=(width, 5), options=options, defaults=defaults_of(unit) | UNKNOWN)


def figures(
    title: str, sql: str, about: str, *, columns: Columns | None = None, width: int = 24, height: int = 4
) -> Json:
    """One number for each column of the answer, which has one row."""
    options = _numbers({"values": False, "calcs": ["lastNotNull"], "fields": ""})
    return panel(
        "stat",
        title,
        about,
        one(sql),
        size=(width, height),
        options=options,
        defaults=defaults_of("short") | UNKNOWN,
        columns=columns,
    )


def trend(
    title: str,
    sql: str,
    about: str,
    *,
    unit: str = "short",
    draw: Draw = "line",
    stacked: bool = False,
    width: int = 12,
) -> Json:
    """Numbers over time: a line, bars, or a point for each of them."""
    custom: Json = {
        "drawStyle": draw,
        "lineInterpolation": "linear",
        "lineWidth": 2 if draw == "line" else 1,
        "fillOpacity": 70 if draw == "bars" else 0,
        "showPoints": "always" if draw == "points" else "auto",
        "pointSize": 5,
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "axisSoftMin": 0,
        "axisBorderShow": False,
    }
    options: Json = {"legend": LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel(
        "timeseries",
        title,
        about,
        [("A", sql, "time_series")],
        size=(width, 9),
        options=options,
        defaults=defaults_of(unit, custom),
        coloured=True,
    )


def bars(title: str, sql: str, label: str, about: str, *, link: str | None = None, width: int = 12) -> Json:
    """One bar for each row of the answer, the longest first as it comes."""
    custom: Json = {"fillOpacity": 70, "lineWidth": 0, "axisSoftMin": 0, "axisBorderShow": False}
    options: Json = {
        "orientation": "horizontal",
        "xField": label,
        "showValue": "auto",
        "stacking": "none",
        "groupWidth": 0.7,
        "barWidth": 0.9,
        "fullHighlight": False,
        "xTickLabelMaxLength": 40,
        "xTickLabelRotation": 0,
        "xTickLabelSpacing": 0,
        "legend": LEGEND | {"showLegend": False},
        "tooltip": {"mode": "multi", "sort": "none"},
    }
    defaults = defaults_of("short", custom)
    if link:
        defaults["links"] = [{"title": "Open in Evistore", "url": link, "targetBlank": True}]
    return panel("barchart", title, about, one(sql), size=(width, 9), options=options, defaults=defaults)


def table(
    title: str,
    sql: str | Sequence[str],
    about: str,
    *,
    columns: Columns | None = None,
    width: int = 24,
    height: int = 9,
) -> Json:
    """The answer as it is, or several answers of the same columns one below the other."""
    options: Json = {
        "frameIndex": 0,
        "showHeader": True,
        "cellHeight": "sm",
        "footer": {"show": False, "reducer": ["sum"], "fields": ""},
    }
    defaults = defaults_of("short", {"align": "auto", "filterable": True, "inspect": False})
    targets = one(sql) if isinstance(sql, str) else [(chr(65 + number), one, "table") for number, one in enumerate(sql)]
    made = panel(
        "table", title, about, targets, size=(width, height), options=options, defaults=defaults, columns=columns
    )
    return made if isinstance(sql, str) else made | {"transformations": [{"id": "merge", "options": {}}]}


def matrix(title: str, sql: str, about: str, *, row: str, column: str, value: str, width: int = 24) -> Json:
    """One row and one column for each value of two columns of the answer, and the third in the cells."""
    made = table(title, sql, about, width=width, height=11)
    empty = {"rowField": row, "columnField": column, "valueField": value, "emptyValue": "empty"}
    made["transformations"] = [{"id": "groupingToMatrix", "options": empty}]
    return made


def lanes(title: str, sql: str, about: str, *, height: int = 9) -> Json:
    """One lane for each value of `lane`, in which `state` holds from its `time` to the next."""
    options: Json = {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.8,
        "legend": LEGEND | {"showLegend": False},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    custom: Json = {"lineWidth": 0, "fillOpacity": 60}
    made = panel(
        "state-timeline",
        title,
        about,
        one(sql),
        size=(24, height),
        options=options,
        defaults=defaults_of("short", custom),
    )
    made["fieldConfig"]["defaults"]["color"] = {"mode": "palette-classic"}
    by_lane = {"fields": ["lane"], "keepFields": False, "naming": {"asLabels": True}}
    made["transformations"] = [{"id": "partitionByValues", "options": by_lane}]
    made["fieldConfig"]["overrides"] = [
        {
            "matcher": {"id": "byName", "options": "state"},
            "properties": [{"id": "displayName", "value": "${__field.labels.lane}"}],
        }
    ]
    return made


def graph(title: str, nodes: str, edges: str, about: str, *, link: str) -> Json:
    """Nodes and the edges between them."""
    options: Json = {"nodes": {}, "edges": {}, "zoomMode": "cooperative", "layoutAlgorithm": "layered"}
    targets = [("nodes", nodes, "table"), ("edges", edges, "table")]
    made = panel("nodeGraph", title, about, targets, size=(24, 14), options=options, defaults={})
    leads = [{"id": "links", "value": [{"title": "Open in Evistore", "url": link, "targetBlank": True}]}]
    made["fieldConfig"]["overrides"] = [{"matcher": {"id": "byName", "options": "id"}, "properties": leads}]
    return made


def row(title: str) -> Json:
    """A heading."""
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": 24, "h": 1}}


def _numbers(reduced: Json) -> Json:
    return {
        "reduceOptions": reduced,
        "colorMode": "none",
        "graphMode": "none",
        "textMode": "value_and_name",
        "justifyMode": "auto",
        "orientation": "auto",
        "wideLayout": True,
        "percentChangeColorMode": "standard",
        "showPercentChange": False,
    }
