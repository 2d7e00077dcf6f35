"""CSV as PostgreSQL writes it, as Parquet: typed columns, NULL kept, in row groups of bounded size. Needs ``evistore[parquet]``."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from evistore.kernel.errors import Misconfigured, Rejected

# About so much CSV makes a row group: large enough to compress well, small enough to keep in memory a few times over.
_GROUP_BYTES = 16 * 1024 * 1024
_TYPES = {
    "boolean": "bool",
    "smallint": "int16",
    "integer": "int32",
    "bigint": "int64",
    "real": "float32",
    "double precision": "float64",
    "date": "date32[day]",
}
"""Types of PostgreSQL that Parquet has too; every other one becomes text, as PostgreSQL writes it."""
_TIMES = {"timestamp without time zone": None, "timestamp with time zone": "UTC"}


class Parquet:
    """One file in the making."""

    def __init__(self, columns: Sequence[str], types: Sequence[str], *, about: Mapping[str, str]) -> None:
        """A file of these *columns*, whose *types* are PostgreSQL's names; *about* is kept in it.

        Raises:
            Misconfigured: ``parquet-missing``.
        """
        try:
            self._arrow, self._csv, self._compute, self._parquet = (
                import_module(name) for name in ("pyarrow", "pyarrow.csv", "pyarrow.compute", "pyarrow.parquet")
            )
        except ImportError:
            raise Misconfigured("Parquet is not installed: install evistore[parquet]", code="parquet-missing") from None
        self.infinite: dict[str, int] = {}
        """How many times ``infinity`` or ``-infinity``, which Parquet does not have, became NULL; by column."""
        self._types = [self._type(name) for name in types]
        fields = [self._arrow.field(name, kind) for name, kind in zip(columns, self._types, strict=True)]
        self._schema = self._arrow.schema(fields, metadata=dict(about))
        self._reading = {
            # By place: CSV of a table with columns of one name would be read wrong by names.
            str(n): self._arrow.string() if self._arrow.types.is_temporal(kind) else kind
            for n, kind in enumerate(self._types)
        }

    def written(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of the file that holds *lines*, as they come to be.

        Raises:
            Rejected: ``value-not-for-parquet``: a moment before Christ or after the year 9999.
        """
        sink = _Sink()
        with self._parquet.ParquetWriter(
            self._arrow.PythonFile(sink, mode="w"), self._schema, compression="zstd"
        ) as writer:
            for group in _groups(lines):
                writer.write_table(self._table(group))
                yield from sink.drained()
        yield from sink.drained()

    def _type(self, name: str) -> Any:
        if name in _TIMES:
            return self._arrow.timestamp("us", tz=_TIMES[name])
        return self._arrow.type_for_alias(_TYPES[name]) if name in _TYPES else self._arrow.string()

    def _table(self, text: bytes) -> Any:
        read = self._csv.read_csv(
            io.BytesIO(text),
            read_options=self._csv.ReadOptions(column_names=list(self._reading), block_size=len(text) + 1),
            parse_options=self._csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=self._csv.ConvertOptions(
                column_types=self._reading,
                null_values=[""],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        columns = [self._timed(field, column) for field, column in zip(self._schema, read.columns, strict=True)]
        return self._arrow.table(columns, schema=self._schema)

    def _timed(self, field: Any, column: Any) -> Any:
        if not self._arrow.types.is_temporal(field.type):
            return column
        infinite = self._compute.is_in(column, value_set=self._arrow.array(["infinity", "-infinity"]))
        number = self._compute.sum(infinite).as_py() or 0
        if number:
            self.infinite[field.name] = self.infinite.get(field.name, 0) + number
            column = self._compute.if_else(infinite, None, column)
        try:
            return column.cast(field.type)
        except self._arrow.ArrowInvalid as error:
            raise Rejected(
                f"a moment in {field.name} is none of Parquet: {error}", code="value-not-for-parquet"
            ) from error


class _Sink(io.RawIOBase):
    """A file that somebody empties while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def drained(self) -> Iterator[bytes]:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        yield from parts


def _groups(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in pieces of about the size of a row group; a longer line is a piece of its own."""
    group, size = list[bytes](), 0
    for line in lines:
        group.append(line)
        size += len(line)
        if size >= _GROUP_BYTES:
            yield b"".join(group)
            group, size = [], 0
    if group:
        yield b"".join(group)
