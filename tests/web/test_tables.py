"""One table as HTML, CSV and JSON: sorted by a link, exact in files, harmless in spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.datastructures import QueryParams

from evistore.kernel.errors import Rejected
from evistore.web.tables import Cell, Column, Table, as_file, asked_format

AT = datetime(2026, 3, 20, 14, 27, 5, tzinfo=UTC)
COLUMNS = (
    Column("service", "Service", sortable=True),
    Column("runs", "Runs", "number", sortable=True),
    Column("took", "Took", "duration"),
)


def table(*rows):
    return Table("runs", "Runs", COLUMNS, rows)


def first(found):
    return [cell.value for (_, cell), *_ in found.cells()]


def test_rows_are_sorted_by_what_the_address_asks_and_what_is_unknown_comes_last():
    found = table(("b", 2, None), (Cell("A", "/a"), None, None), ("c", 10, None))

    assert first(found.by(QueryParams("sort=service"))) == ["A", "b", "c"]
    assert first(found.by(QueryParams("sort=-runs"))) == ["c", "b", "A"]
    assert first(found.by(QueryParams("sort=runs"))) == ["b", "c", "A"]
    assert first(found.by(QueryParams())) == ["b", "A", "c"]


def test_a_heading_leads_to_the_greatest_number_first_and_then_the_other_way():
    found = table(("a", 1, None))
    service, runs, _ = COLUMNS

    assert (found.turned(service), found.turned(runs)) == ("service", "-runs")
    assert found.by(QueryParams("sort=-runs")).turned(runs) == "runs"
    assert found.by(QueryParams("sort=runs")).direction(runs) == "ascending"


@pytest.mark.parametrize("query", ["sort=took", "sort=nothing", "sort=--runs"])
def test_what_cannot_be_sorted_by_is_refused(query):
    with pytest.raises(Rejected):
        table(("a", 1, None)).by(QueryParams(query))


def test_a_csv_file_holds_exact_values_and_no_formula():
    found = table(("=HYPERLINK(1)", 1_000_000, timedelta(seconds=90.5)), (Cell("shop", "/shop", "short"), -5, None))
    rows = list(csv.reader(io.StringIO(as_file(found, "csv", None).body.decode())))

    assert rows == [["service", "runs", "took"], ["'=HYPERLINK(1)", "1000000", "90.5"], ["shop", "-5", ""]]


def test_a_json_file_says_where_it_goes_on():
    response = as_file(Table("events", "Events", (Column("at", "When", "time"),), [(AT,)]), "json", "/events?cursor=x")

    assert json.loads(response.body) == {"items": [{"at": AT.isoformat()}], "next": "/events?cursor=x"}
    assert response.headers["link"] == '</events?cursor=x>; rel="next"'
    assert response.headers["content-disposition"] == 'attachment; filename="events.json"'


def test_a_format_that_there_is_not_is_refused():
    assert asked_format(QueryParams("format=csv")) == "csv"
    assert asked_format(QueryParams("")) is None
    with pytest.raises(Rejected):
        asked_format(QueryParams("format=xls"))
