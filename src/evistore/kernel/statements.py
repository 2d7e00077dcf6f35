"""The SQL that Python asks: named blocks in ``sql/queries/<module>.sql``, loaded once at import.

A block starts with a line ``-- name: <name>`` and ends where the next one starts. Comment lines directly below the name belong to it.
Parameters are named (``%(limit)s``) and always cast (``%(limit)s::int``), so that PostgreSQL knows each type without a guess.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import LiteralString, cast

_names: dict[str, str] = {}
_NAME = re.compile(r"^-- name: *([a-z][a-z0-9_]*)\s*$", re.MULTILINE)


def statements(package: str, module: str) -> dict[str, LiteralString]:
    """All named statements of *package*'s ``sql/queries/<module>.sql``, by name.

    Raises:
        ValueError: text stands before the first name, or a name is given twice.
    """
    text = files(package).joinpath("sql", "queries", f"{module}.sql").read_text(encoding="utf-8")
    preamble, *parts = _NAME.split(text)
    if any(line.strip() and not line.startswith("--") for line in preamble.splitlines()):
        raise ValueError(f"{package}/{module}.sql: a statement stands before the first '-- name:'")
    found: dict[str, LiteralString] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in found:
            raise ValueError(f"{package}/{module}.sql: {name!r} is named twice")
        # The text comes from our own package, never from a caller: it is as literal as this file.
        found[name] = cast("LiteralString", body.strip().rstrip(";"))
        _names[found[name]] = f"{module}.{name}"
    return found


def name_of(query: object) -> str | None:
    """What the statement of that text is called, with its module (``events.page``); ``None`` for what stands in no file."""
    return _names.get(query) if isinstance(query, str) else None
