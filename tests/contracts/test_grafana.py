"""Every query of every dashboard, its macros expanded, answers a login that may only read, on both engines, whatever is chosen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import yaml

from evistore.clusters import demo as fleet
from evistore.contexts import CONTEXTS
from evistore.delivery import demo as story
from evistore.kernel.database import Database
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.grafana import (
    ALL,
    DASHBOARDS,
    GRAFANA,
    Request,
    Target,
    Value,
    defaults,
    expanded,
    load,
    targets,
    variables,
)
from fixtures.histories import runs, store, told
from fixtures.reading import Answer, Reader, reader
from fixtures.source import REPOSITORY

ENGINES = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)
EACH = pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
UNTIL = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
DAYS = 16
WHOLE = Request(UNTIL - timedelta(days=DAYS + 1), UNTIL + timedelta(hours=2))
NARROW = Request(UNTIL - timedelta(days=3, minutes=7), UNTIL - timedelta(days=3), "15s")
BEFORE = Request(datetime(2001, 2, 3, 4, 5, 6, 789_000, UTC), datetime(2001, 2, 4, tzinfo=UTC), "10m", timescaledb=True)
ODD = 'it\'s %s \\ "odd"'
NUMBERS = {"int2", "int4", "int8", "float4", "float8", "numeric"}
TEXTS = {"text", "varchar", "name"}
# What Grafana shows as it is meant: neither dates, whose zone it guesses, nor intervals and arrays, which it cannot.
SHOWN = NUMBERS | TEXTS | {"timestamptz", "bool"}
FIELD = re.compile(r'__data\.fields\["([^"]+)"\]')


@dataclass(frozen=True)
class Place:
    """A database and somebody who reads it."""

    reader: Reader
    is_told: bool

    def ask(self, query: str, asked: Request, known: dict[str, dict[str, Any]]) -> Answer:
        return self.reader.ask(expanded(query, asked, known))


@pytest.fixture(scope="module", params=["empty", "told"])
def place(request, engine) -> Iterator[Place]:
    """An empty database, and one with some weeks of both kinds of evidence."""
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    if request.param == "told":
        with Database(url, size=1) as database:
            story.store(database, story.Story(3, 6, DAYS, UNTIL), lambda _: None)
            fleet.store(database, fleet.Fleet(5, 40, DAYS, UNTIL), lambda _: None)
        with psycopg.connect(url, autocommit=True) as connection:
            store(connection, {}, *happenings())
            connection.execute("SELECT cdviz.refresh_activity()")
    with reader(engine, url) as somebody:
        yield Place(somebody, request.param == "told")
    engine.discard(url)


def happenings() -> Iterator[dict[str, Any]]:
    """What a short generated story may lack: a run that never ended, an incident and what answered it, a test that is
    flaky, a source that fell silent."""

    def ago(**span: float) -> str:
        return (UNTIL - timedelta(**span)).isoformat()

    yield told("taskrun.started", "stuck-1", ago(days=2))
    yield runs("till", "prod", "pkg:oci/till@1", ago(days=5))
    hurt = {"service": {"id": "till"}, "environment": {"id": "prod"}, "source": "/alerts"}
    yield told("incident.detected", "slow-till", ago(days=4, hours=22), **hurt)
    yield runs("till", "prod", "pkg:oci/till@2", ago(days=4, hours=21))
    yield told("incident.resolved", "slow-till", ago(days=4, hours=20), **hurt)
    for number, outcome in enumerate(("pass", "fail")):
        case = {"testCase": {"id": "wobbly"}, "outcome": outcome, "context": {"chainId": "one-state"}}
        yield told("testcaserun.finished", f"wobbly-{number}", ago(days=3, hours=number), **case)
    for day in range(7, 14):
        yield told("branch.created", f"branch-{day}", ago(days=day), source="/scm/quiet")


def choices(place: Place, dashboard: dict[str, Any], asked: Request) -> dict[str, list[Value]]:
    """For each variable what can be chosen: each kind of choice once, and every option of those that have few."""
    found: dict[str, list[Value]] = {}
    known = variables(dashboard)
    for name, one in known.items():
        if one["type"] == "custom":
            found[name] = [option["value"] for option in one["options"]]
        if one["type"] == "query":
            answer = place.ask(one["query"], asked, known)
            assert list(answer.types)[:2] == ["__text", "__value"]
            assert answer.types["__value"] in TEXTS
            assert place.is_told is bool(answer.rows) or name == "environment"
            values = [row[1] for row in answer.rows]
            assert all(values), "Grafana drops what is empty"
            # None at all cannot be chosen: where nothing is left, Grafana goes back to All.
            several = [few for few in (values[:2], values[-3:], [*values[:1], ODD]) if few and one["multi"]]
            every = [ALL] if one["includeAll"] else []
            found[name] = [[value] if one["multi"] else value for value in [*every, *values[:1], ODD]] + several
    return found


def settings(place: Place, dashboard: dict[str, Any]) -> Iterator[Request]:
    """Each choice of each variable alone, the first and the last ones together, and other times."""
    usual = replace(WHOLE, values=defaults(dashboard))
    offered = choices(place, dashboard, usual)
    usual = usual.choosing(**{name: values[0] for name, values in offered.items() if not usual.values[name] and values})
    yield usual
    for base in (NARROW, BEFORE):
        yield replace(base, values=usual.values)
    for name, values in offered.items():
        for value in values:
            if value != usual.values[name]:
                yield usual.choosing(**{name: value})
    for number in (1, -1):
        yield usual.choosing(**{name: values[min(number, len(values) - 1)] for name, values in offered.items()})


@ENGINES
@EACH
def test_every_query_answers_whatever_is_chosen_with_the_columns_its_panel_needs(place, path):
    dashboard = load(path)
    known = variables(dashboard)
    for asked in settings(place, dashboard):
        for target in targets(dashboard):
            try:
                answer = place.ask(target.sql, asked, known)
                check(target, answer)
            except (AssertionError, psycopg.Error) as fault:
                pytest.fail(f"{target.title}, {asked}: {fault}")
        for one in known.values():
            if one["type"] == "query":
                place.ask(one["query"], replace(asked, search="a"), known)


@ENGINES
@EACH
def test_with_evidence_every_query_finds_some_and_without_none_makes_any_up(place, path):
    dashboard = load(path)
    usual = replace(WHOLE, values=defaults(dashboard))
    offered = choices(place, dashboard, usual)
    if "artifact" in offered:
        usual = usual.choosing(artifact=_deployed(place))
    if "versions" in path.stem or "services" in path.stem:
        usual = usual.choosing(service=offered["service"][1]) if place.is_told else usual
    silent = []
    for target in targets(dashboard):
        kinds = ["pipelinerun", "taskrun", "testsuiterun", "testcaserun"] if path.stem == "executions" else [""]
        answers = [
            place.ask(target.sql, usual.choosing(kind=kind) if kind else usual, variables(dashboard)) for kind in kinds
        ]
        if not any(_says_something(answer) for answer in answers):
            silent.append(target.title)
    if place.is_told:
        assert silent == []
    else:
        assert len(silent) == len(list(targets(dashboard)))


def _says_something(answer: Answer) -> bool:
    """Whether any value is there but zeros, times of the axis and names of rows."""
    quiet = {"time", "service", "metric", "name"}
    names = [name for name in answer.types if name not in quiet] or list(answer.types)
    return any(value not in (None, 0, "") for name in names for value in answer.column(name))


def _deployed(place: Place) -> str:
    rows = place.reader.ask(
        "SELECT artifact_id FROM cdviz.services WHERE artifact_id IS NOT NULL ORDER BY since LIMIT 1"
    ).rows
    return rows[0][0] if rows else "nothing"


def check(target: Target, answer: Answer) -> None:
    """The answer is one that the panel can draw."""
    assert len(answer.types) == len(answer.names), "two columns have one name"
    assert set(answer.types.values()) <= SHOWN, answer.types
    NEEDS[target.panel["type"]](target, answer)
    for name in FIELD.findall(str(target.panel)):
        assert name in answer.types or target.panel["type"] == "nodeGraph", f"a link asks for {name}"
    if target.panel["type"] == "table":
        for one in target.panel["fieldConfig"]["overrides"]:
            assert one["matcher"]["options"] in answer.types, "an override is for no column"


def _series(target: Target, answer: Answer) -> None:
    assert target.form == "time_series"
    _times(answer)
    assert set(answer.types) - {"time"}
    assert any(kind in NUMBERS for name, kind in answer.types.items() if name != "time")


def _times(answer: Answer) -> None:
    assert next(iter(answer.types)) == "time"
    # Grafana reads whole seconds and milliseconds as times, too: that is what $__timeGroup makes.
    assert answer.types["time"] in {"timestamptz", "numeric"}
    times = answer.column("time")
    assert None not in times
    assert times == sorted(times), "Grafana refuses what does not ascend"


def _stat(target: Target, answer: Answer) -> None:
    field = target.panel["options"]["reduceOptions"]["fields"].strip("/^$")
    numbers = [name for name, kind in answer.types.items() if kind in NUMBERS]
    assert field in numbers if field else len(numbers) == len(answer.types)
    if not field:
        assert len(answer.rows) == 1


def _bars(target: Target, answer: Answer) -> None:
    label, *numbers = answer.types.items()
    assert label[0] == target.panel["options"]["xField"]
    assert label[1] in TEXTS
    assert numbers
    assert {kind for _, kind in numbers} <= NUMBERS
    assert len(answer.rows) <= 15 or label[0] == "version"
    assert None not in answer.column(label[0])


def _table(target: Target, answer: Answer) -> None:
    assert target.form == "table"
    for one in target.panel.get("transformations", []):
        if one["id"] == "groupingToMatrix":
            assert {one["options"][name] for name in ("rowField", "columnField", "valueField")} == set(answer.types)


def _lanes(_: Target, answer: Answer) -> None:
    _times(answer)
    assert answer.types == {"time": "timestamptz", "lane": "text", "state": "text"}
    assert None not in answer.column("lane")


def _graph(target: Target, answer: Answer) -> None:
    needed = {"nodes": {"id", "title"}, "edges": {"id", "source", "target"}}[target.name]
    assert needed <= set(answer.types)
    ids = answer.column("id")
    assert len(ids) == len(set(ids))


NEEDS = {
    "timeseries": _series,
    "stat": _stat,
    "barchart": _bars,
    "table": _table,
    "state-timeline": _lanes,
    "nodeGraph": _graph,
}


@ENGINES
@pytest.mark.parametrize("place", ["told"], indirect=True)
def test_the_edges_of_the_provenance_lead_from_node_to_node(place):
    dashboard = load(GRAFANA / "dashboards" / "artifact.json")
    asked = replace(WHOLE, values=defaults(dashboard)).choosing(artifact=_deployed(place))
    found = {one.name: place.ask(one.sql, asked, {}) for one in targets(dashboard) if one.name in {"nodes", "edges"}}

    assert set(found["edges"].column("source") + found["edges"].column("target")) <= set(found["nodes"].column("id"))


@ENGINES
@pytest.mark.parametrize("place", ["empty"], indirect=True)
@pytest.mark.parametrize(
    "private", ["cdviz.subject_state", "cdviz.edge", "public.report", "clusters.hit_episode", "evistore.quarantine"]
)
def test_who_asks_here_may_not_read_what_is_private(place, private):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        place.reader.ask(f"SELECT count(*) FROM {private}")


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize("place", ["empty"], indirect=True)
@EACH
def test_dashboards_ask_views_and_functions_only(place, path):
    dashboard = load(path)
    texts = [one.sql for one in targets(dashboard)] + [
        one["query"] for one in variables(dashboard).values() if one["type"] == "query"
    ]
    names = {
        tuple(name) for text in texts for name in re.findall(r"\b(cdviz|clusters|public|dvo|evistore)\.(\w+)", text)
    }
    allowed = place.reader.ask(
        "SELECT n.nspname::text, c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind = 'v'"
        " UNION SELECT n.nspname, p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
    )

    assert names - set(allowed.rows) == set()
    assert [text for text in texts if "cdevents_lake" in text] == []


def test_the_files_are_what_the_script_makes(tmp_path):
    made = subprocess.run(
        [sys.executable, GRAFANA / "make.py", "--output", tmp_path], capture_output=True, text=True, check=True
    )

    assert len(made.stdout.splitlines()) == len(DASHBOARDS)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        one.name: one.read_bytes() for one in DASHBOARDS
    }


def test_links_lead_where_the_command_line_says(tmp_path):
    command = [sys.executable, GRAFANA / "make.py", "--output", tmp_path, "--evistore", "https://evidence.example.org/"]
    subprocess.run(command, capture_output=True, check=True)

    for path in tmp_path.iterdir():
        assert variables(load(path))["evistore"]["current"]["value"] == "https://evidence.example.org"
        assert "localhost" not in path.read_text("utf-8")


@EACH
def test_a_dashboard_can_be_provisioned(path):
    dashboard = load(path)

    assert dashboard["uid"] == f"evistore-{path.stem}"
    assert dashboard["schemaVersion"] >= 39
    assert dashboard["id"] is None
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(numbers) == len(set(numbers))
    assert {one.panel["datasource"]["uid"] for one in targets(dashboard)} == {"${datasource}"}


@EACH
def test_panels_stand_beside_each_other_and_say_what_they_show(path):
    panels = load(path)["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells
        assert panel["type"] == "row" or len(panel["description"]) > 30, panel["title"]


def test_what_is_provisioned_is_a_source_that_the_dashboards_ask_and_their_folder():
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/evistore.yaml").read_text("utf-8"))["datasources"]
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/evistore.yaml").read_text("utf-8"))["providers"]

    assert {load(path)["templating"]["list"][0]["query"] for path in DASHBOARDS} == {source["type"]}
    assert provider["type"] == "file"


def test_the_manual_names_every_dashboard_and_every_value_that_is_provisioned():
    manual = (REPOSITORY / "docs/operate/grafana.md").read_text("utf-8")
    titles = {load(path)["title"].removeprefix("Evistore: ") for path in DASHBOARDS}
    asked = re.findall(r"\$\{(\w+)\}", (GRAFANA / "provisioning/datasources/evistore.yaml").read_text("utf-8"))

    assert {title for title in titles if f"| {title} |" not in manual} == set()
    assert {name for name in asked if f"`{name}`" not in manual} == set()
