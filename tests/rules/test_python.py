"""What holds for every Python module of the program."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from fixtures.source import modules, named

LONGEST = 250
# Read at one sitting all the same, or to be split: each with its reason.
LONGER = {
    "kernel/kafka.py": "the only place that knows the client library",
}
SQL = re.compile(
    r"\b(SELECT\s+.+\s+FROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|(CREATE|ALTER|DROP|TRUNCATE)\s+(TABLE|VIEW|FUNCTION|INDEX|SCHEMA|ROLE))\b",
    re.IGNORECASE | re.DOTALL,
)


def formatted(path: Path) -> list[str]:
    """The constant parts of every f-string of the module, each string as one text."""
    strings = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr))
    return ["?".join(part.value for part in one.values if isinstance(part, ast.Constant)) for one in strings]


@pytest.mark.parametrize("path", modules(), ids=named)
def test_no_sql_is_put_together_from_strings(path):
    assert [text for text in formatted(path) if SQL.search(text)] == []


def test_sql_in_a_formatted_string_would_be_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('query = f"SELECT a FROM {table} WHERE b = {c}"', "utf-8")
    assert any(SQL.search(text) for text in formatted(module))


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_module_can_be_read_at_a_sitting(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST or named(path) in LONGER


def test_what_is_excused_from_the_length_still_needs_it():
    short = [
        path for path in modules() if named(path) in LONGER and len(path.read_text("utf-8").splitlines()) <= LONGEST
    ]
    assert short == []


# What the wall clock says may jump: how long something took, or has to wait, is asked of the monotonic one.
WALL = re.compile(
    r"\btime\.(time|time_ns|localtime|gmtime)\(|\bfrom time import\b|\bdatetime\.(utcnow|today)\(|\bdate\.today\("
)


@pytest.mark.parametrize("path", modules(), ids=named)
def test_no_interval_is_measured_by_the_wall_clock(path):
    assert WALL.findall(path.read_text("utf-8")) == []
