"""Every table of the cluster evidence as files of one moment: CSV or Parquet, with a manifest.

Tables and columns are those that are there, not those that we know: databases of other releases and other systems are exported whole, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import quote

from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.parquet import Parquet
from evistore.kernel.snapshot import Table, count, header, moment, rows, snapshot, tables
from evistore.kernel.statements import statements
from evistore.kernel.stores import Store

SQL = statements("evistore.clusters", "export")

Form = Literal["csv", "parquet"]
SCHEMAS = ("public", "dvo", "clusters")
MANIFEST = "manifest.json"
"""Written last: what it names is there, whole and of one moment."""

_BLOCK = 1024 * 1024  # bytes of CSV that are written at once
_TELL_EVERY = 1000  # rows
_REASONS = ("public", "cluster_user_rule_disable_feedback")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export and how. ``limit`` is the number of rows of each table at most."""

    form: Form = "csv"
    ignored: frozenset[str] = frozenset()
    limit: int | None = None
    metadata: bool = False
    disabled_rules: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One table as it was written. ``infinite``: times that Parquet cannot hold and that became NULL, by column."""

    table: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]
    infinite: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Disabled:
    rule: str
    users: int


Hear = Callable[[int], None]


def export(database: Database, store: Store, wish: Wish, *, heard: Hear = lambda _: None) -> list[File]:
    """Write every table of *database* into *store*, all as they are at one moment; *heard* is told how many rows more are done.

    Raises:
        NotFound: ``table-unknown``: a table to be ignored is not there, or none is left.
        Rejected: a value cannot stand in Parquet.
        Unavailable: the database or the store does not answer.
        Misconfigured: the login may not read a table, or what writes Parquet is not installed.
    """
    with snapshot(database) as tx:
        chosen = _chosen(tables(tx, SCHEMAS, limit=wish.limit), wish.ignored)
        now = moment(tx)
        about = {"evistore.snapshot_at": now.at.isoformat()}
        files = [_written(tx, store, table, form=wish.form, about=about, heard=heard) for table in chosen]
        extra = list(_extra(tx, chosen, wish))
    for name, content in extra:
        store.write(name, [content])
    manifest = {
        "complete": True,
        "snapshot_at": now.at.isoformat(),
        "snapshot": now.snapshot,
        "server": now.server,
        "format": wish.form,
        "limit": wish.limit,
        "tables": [asdict(one) for one in files],
        "metadata": [name for name, _ in extra],
    }
    store.write(MANIFEST, [json.dumps(manifest, indent=2).encode(), b"\n"])
    return files


def _chosen(found: Collection[Table], ignored: Collection[str]) -> list[Table]:
    known = {name for table in found for name in (table.full_name, f"{table.schema}.{table.name}")}
    unknown = sorted(set(ignored) - known)
    if unknown:
        raise NotFound(f"there is no table {', '.join(unknown)}", code="table-unknown")
    chosen = [one for one in found if not {one.full_name, f"{one.schema}.{one.name}"} & set(ignored)]
    if not chosen:
        raise NotFound(f"there is no table to export in {', '.join(SCHEMAS)}", code="table-unknown")
    return chosen


def _written(tx: Transaction, store: Store, table: Table, *, form: Form, about: dict[str, str], heard: Hear) -> File:
    # A name may hold what separates folders.
    name = f"{quote(table.full_name, safe=' ')}.{form}"
    told = _Told(heard)
    infinite: dict[str, int] = {}
    lines = told.counted(rows(tx, table))
    if form == "csv":
        content = _blocks(header(table), lines)
    else:
        file = Parquet(table.columns, table.types, about=about | {"evistore.table": table.full_name})
        content, infinite = file.written(lines), file.infinite
    store.write(name, told.weighed(content))
    types = dict(zip(table.columns, table.types, strict=True))
    return File(table.full_name, name, told.rows, told.size, told.digest.hexdigest(), types, infinite)


class _Told:
    """Counts and digests what passes."""

    def __init__(self, heard: Hear) -> None:
        self._heard = heard
        self.rows, self.size, self.digest = 0, 0, hashlib.sha256()

    def counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        told = 0
        for line in lines:
            self.rows += 1
            if self.rows - told >= _TELL_EVERY:
                self._heard(self.rows - told)
                told = self.rows
            yield line
        self._heard(self.rows - told)

    def weighed(self, content: Iterable[bytes]) -> Iterator[bytes]:
        for part in content:
            self.size += len(part)
            self.digest.update(part)
            yield part


def _blocks(first: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    parts, size = [first], len(first)
    for line in lines:
        parts.append(line)
        size += len(line)
        if size >= _BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join(parts)


def _extra(tx: Transaction, chosen: Collection[Table], wish: Wish) -> Iterator[tuple[str, bytes]]:
    """The files about the tables, as clients of the older exporter know them."""
    if wish.metadata:
        yield "_tables.csv", _csv([("Table name",), *((one.full_name,) for one in chosen)])
        yield "_metadata.csv", _csv([("Table name", "Records"), *((one.full_name, count(tx, one)) for one in chosen)])
    if wish.disabled_rules:
        there = any((one.schema, one.name) == _REASONS for one in tables(tx, SCHEMAS))
        found = tx.all(_Disabled, SQL["disabled_rules"]) if there else []
        yield "_disabled_rules.csv", _csv([("Rule", "Count"), *((one.rule, one.users) for one in found)])


def _csv(lines: Iterable[tuple[Any, ...]]) -> bytes:
    """Small CSV, quoted as PostgreSQL does."""
    return "".join(",".join(_cell(str(value)) for value in line) + "\n" for line in lines).encode()


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if not text or set(text) & set(',"\r\n') else text
