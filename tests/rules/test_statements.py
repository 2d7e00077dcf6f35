"""PostgreSQL understands every statement that Python asks, and knows the type of every parameter without a guess."""

from __future__ import annotations

import re

import pytest
from psycopg.pq import ExecStatus

from evistore.kernel.statements import statements
from fixtures.source import SOURCE, named, sql_files

# What asks for something that one engine has.
ONLY_ON: dict[str, set[str]] = {
    "native": {
        f"delivery/sql/queries/maintenance.sql:{name}"
        for name in ("ensure_ahead", "missing_ahead", "stray_weeks", "settle_week")
    },
    "timescale": set(),
}
# Their tests run them: they ask about tables that stand only while they work, or in another system's database.
ON_TABLES_OF_THEIR_OWN = tuple(
    f"delivery/sql/queries/{name}.sql:" for name in ("adoption", "bench", "conversion", "projections")
)
PARAMETER = re.compile(r"%\((\w+)\)s")


def every() -> list[tuple[str, str]]:
    """Name and text of every named statement."""
    found = []
    for path in sql_files("queries/*.sql"):
        package = "evistore." + ".".join(path.relative_to(SOURCE).parts[:-3])
        found += [(f"{named(path)}:{name}", text) for name, text in statements(package, path.stem).items()]
    return found


def numbered(text: str) -> str:
    """The statement as the server sees it, with ``$1`` for a parameter."""
    names = list(dict.fromkeys(PARAMETER.findall(text)))
    return PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", text).replace("%%", "%")


@pytest.mark.parametrize(("name", "text"), every(), ids=[name for name, _ in every()])
def test_every_parameter_is_cast(name, text):
    assert re.findall(r"%\(\w+\)s(?!::)", text) == []


@pytest.mark.parametrize(("name", "text"), every(), ids=[name for name, _ in every()])
def test_a_percent_sign_is_doubled(name, text):
    assert "%" not in PARAMETER.sub("", text).replace("%%", "")


def test_every_statement_is_understood(engine, delivery):
    refused = {}
    for name, text in every():
        if name in ONLY_ON[engine.kind] or not name.startswith(ON_TABLES_OF_THEIR_OWN):
            result = delivery.pgconn.prepare(b"", numbered(text).encode())
            if result.status != ExecStatus.COMMAND_OK:
                refused[name] = result.error_message.decode()
    others = ONLY_ON["timescale" if engine.kind == "native" else "native"]
    assert sorted(refused.keys() - others) == []


def test_a_statement_that_is_not_understood_would_be_seen(delivery):
    result = delivery.pgconn.prepare(b"", b"SELECT nothing FROM nowhere")
    assert result.status != ExecStatus.COMMAND_OK
