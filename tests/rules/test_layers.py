"""Arrows between layers never turn, and each outer library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.source import REPOSITORY, modules, named

# Library: the modules that may import it, as beginnings of their paths.
HOMES = {
    "psycopg": ("kernel/",),
    "psycopg_pool": ("kernel/",),
    "confluent_kafka": ("kernel/kafka.py",),
    "fastapi": (
        "web/",
        "delivery/routes",
        "delivery/pages",
        "delivery/parameters.py",
        "clusters/pages",
        "clusters/routes/inbox.py",
    ),
    "starlette": ("web/", "delivery/routes", "delivery/pages", "clusters/routes", "app.py"),
    "uvicorn": ("web/server.py",),
    "jinja2": ("web/", "delivery/pages"),
    "jsonschema_rs": ("delivery/validation.py", "delivery/schemas.py"),
    "typer": (
        "cli/",
        "kernel/terminal.py",
        "kernel/quarantine_commands.py",
        "delivery/commands",
        "delivery/asking.py",
        "clusters/commands",
    ),
    "rich": ("kernel/bars.py",),
    "obstore": ("kernel/stores.py",),
    "urllib3": ("kernel/posting.py",),
    "opentelemetry": ("kernel/spans.py",),
}
ENTRIES = ("evistore.delivery.commands", "evistore.cli", "evistore.kernel.terminal")


def imported(path: Path) -> set[str]:
    """First words of everything that the module imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_layers_hold():
    program = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([program, "--no-cache"], check=False, cwd=REPOSITORY, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_library_is_imported_only_at_home(path):
    strangers = [one for one in imported(path) if one in HOMES and not named(path).startswith(HOMES[one])]
    assert strangers == []


def test_every_home_has_somebody_in_it():
    at_home = {library: any(library in imported(path) for path in modules()) for library in HOMES}
    assert [library for library, used in at_home.items() if not used and library != "jinja2"] == []


def test_the_command_line_starts_without_what_it_does_not_need():
    heavy = {
        "psycopg",
        "pydantic",
        "pydantic_settings",
        "fastapi",
        "starlette",
        "uvicorn",
        "confluent_kafka",
        "orjson",
        "jsonschema_rs",
        "rich",
        "structlog",
        "obstore",
        "pyarrow",
        "urllib3",
        "opentelemetry",
    }
    program = f"import sys; from evistore.cli import tree; tree(); print(*sorted({heavy!r} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
