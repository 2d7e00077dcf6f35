"""A list of texts as one binary parameter of type ``text[]``.

The driver's own list dumper looks at every element and writes an array literal, which costs tens of microseconds for an event; this one packs
the wire format at once. Importing the module teaches the driver about it.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_TEXT = 25
_TEXT_ARRAY = 1009
_NULL = b"\xff\xff\xff\xff"


class TextArray(list[str | None]):
    """Texts, or nulls, that travel as one binary ``text[]``. What PostgreSQL cannot hold in a text is refused by the server, as a data error."""


class _TextArrayDumper(Dumper):
    format = Format.BINARY
    oid = _TEXT_ARRAY

    def dump(self, obj: TextArray) -> bytes:
        """The array in PostgreSQL's binary format: dimensions, whether nulls occur, element type, length, lower bound, elements."""
        if not obj:
            return _words(0, 0, _TEXT)
        return b"".join([_words(1, int(None in obj), _TEXT, len(obj), 1), *_elements(obj)])


def _elements(texts: Iterable[str | None]) -> Iterable[bytes]:
    for text in texts:
        if text is None:
            yield _NULL
        else:
            encoded = text.encode("utf-8", "surrogatepass")
            yield len(encoded).to_bytes(4, "big")
            yield encoded


def _words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


psycopg.adapters.register_dumper(TextArray, _TextArrayDumper)
