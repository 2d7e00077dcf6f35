"""Files of events, read as streams: NDJSON, JSON documents one after the other, JSON arrays; plain, gzip or Zstandard.

Memory stays bounded by the largest single document, and a broken document costs no other where a line ends between them.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, cast

import orjson
import zstandard

from evistore.delivery.documents import LARGEST, end_of_value
from evistore.kernel.errors import Rejected

STANDARD_INPUT = Path("-")
_CHUNK = 1024 * 1024
_PACKED = 256  # compressed bytes taken at once: a few can stand for a hundred kilobytes, and memory is to stay bounded
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_BLANK = " \t\r\n"

Numbered = tuple[int, bytes]
"""A document and the line it starts on, from 1."""


@contextmanager
def opened(path: Path) -> Generator[io.BufferedReader]:
    """The bytes of *path*, or of standard input for ``-``, decompressed when their first bytes say so.

    Raises:
        OSError: the file cannot be read. While it is read, broken compression raises EOFError, OSError, zlib.error or
            zstandard.ZstdError.
    """
    source = sys.stdin.buffer if path == STANDARD_INPUT else path.open("rb")
    try:
        yield _decompressed(io.BufferedReader(cast("io.RawIOBase", source), _CHUNK))
    finally:
        if path != STANDARD_INPUT:
            source.close()


def documents(stream: io.BufferedReader) -> Iterator[bytes]:
    """Every document of *stream* in order, as :func:`numbered` gives them, without their lines."""
    return (raw for _, raw in numbered(stream))


def numbered(stream: io.BufferedReader) -> Iterator[Numbered]:
    """Every document of *stream* in order, as it was written, with the line it starts on.

    The elements of an array come one by one, blank lines not at all. What is no JSON comes as it is, up to the end of its line, so that whoever
    decodes it can say so; a line that is too long comes cut.
    """
    if _starts_list(stream):
        return _structural(_chunks(stream))
    lines = _lines(stream)
    heads = [(number, line) for number, line in islice(lines, 2) if line.removeprefix(codecs.BOM_UTF8)]
    if heads and not any(_is_json(line.removeprefix(codecs.BOM_UTF8)) for _, line in heads):
        opening = b"\n".join(line for _, line in heads) + b"\n"
        return _structural(chain([opening], _chunks(stream)), first_line=heads[0][0])
    return (part for number, line in chain(heads, lines) for part in _line(number, line))


def _decompressed(source: io.BufferedReader) -> io.BufferedReader:
    magic = source.peek(len(_ZSTANDARD))[: len(_ZSTANDARD)]
    if magic.startswith(_GZIP):
        return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=source)), _CHUNK)
    if magic == _ZSTANDARD:
        return io.BufferedReader(_Zstandard(source), _CHUNK)
    return source


class _Zstandard(io.RawIOBase):
    """A stream of Zstandard frames; unlike the library's own reader it does not take a cut file for a whole one."""

    def __init__(self, source: io.BufferedReader) -> None:
        self._source = source
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._ready = b""
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if not self._advance():
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _advance(self) -> bool:
        """Decompress a little more; ``False`` at the end."""
        packed = self._frame.unused_data if self._frame.eof else b""
        packed = packed or self._source.read(_PACKED)
        if not packed:
            if self._begun and not self._frame.eof:
                raise EOFError("compressed file ended before its last frame did")
            return False
        if self._frame.eof or not self._begun:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._begun = True
        self._ready = self._frame.decompress(packed)
        return True


def _lines(stream: io.BufferedReader) -> Iterator[Numbered]:
    """Lines that are not blank, without the white space around them; of one that is too long only the beginning."""
    for number in count(1):
        line = stream.readline(LARGEST + 1)
        if not line:
            return
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(_CHUNK)
        if stripped := line.strip():
            yield number, stripped


def _line(number: int, line: bytes) -> Iterator[Numbered]:
    line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    return _structural(iter([line]), first_line=number) if line.startswith(b"[") else iter([(number, line)])


def _is_json(line: bytes) -> bool:
    try:
        return orjson.loads(line).__class__ in (dict, list)
    except orjson.JSONDecodeError:
        return False


def _starts_list(stream: io.BufferedReader) -> bool:
    return stream.peek(1).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"[")


def _chunks(stream: io.BufferedReader) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _structural(chunks: Iterator[bytes], first_line: int = 1) -> Iterator[Numbered]:
    """Documents found by their structure, whatever the lines are."""
    window = _Window(chunks, first_line)
    inside = False
    while (character := window.upcoming()) is not None:
        if character == "[" and not inside:
            inside = True
            window.skip()
        elif inside and character in ",]":
            inside = character == ","
            window.skip()
        else:
            yield window.line(), window.take()
    if inside:
        yield (
            window.line(),
            b"[",
        )  # the array was never closed: something is missing, and whoever decodes this will say so


class _Window:
    """The part of a stream being looked at: grows while a document is incomplete, forgets what was taken."""

    def __init__(self, chunks: Iterator[bytes], first_line: int) -> None:
        self._chunks = chunks
        self._line, self._counted = first_line, 0
        # Bytes that are not UTF-8 survive the way through text, and their document alone is malformed.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._text = ""
        self._at = 0

    def upcoming(self) -> str | None:
        """The next character that is no white space; ``None`` at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANK:
                    return self._text[self._at]
                self._at += 1
            if not self._grow():
                return None

    def line(self) -> int:
        """The line of the upcoming character."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def skip(self) -> None:
        """Pass the upcoming character."""
        self._at += 1

    def take(self) -> bytes:
        """The upcoming document; when it is none, what its brackets hold, or else the rest of its line."""
        end = self._end()
        if end is None:
            newline = self._text.find("\n", self._at)
            end = _balanced(self._text, self._at, len(self._text) if newline < 0 else newline)
        taken = self._text[self._at : end]
        self._at = end
        return taken.encode("utf-8", "surrogateescape").strip()

    def _end(self) -> int | None:
        """Where the upcoming document ends; ``None`` when it is no JSON, or too long to be looked at."""
        try:
            while (end := end_of_value(self._text, self._at)) is None or end == len(self._text):
                if len(self._text) - self._at > LARGEST or not self._grow():
                    return end
        except Rejected:
            return None
        return end

    def _grow(self) -> bool:
        """Look further; ``False`` at the end of the stream. Twice as far each time, so that looking again stays cheap."""
        wanted = max(_CHUNK, len(self._text) - self._at)
        self.line()
        parts = [self._text[self._at :]]
        self._at = self._counted = 0
        grown = 0
        for chunk in self._chunks:
            parts.append(self._decoder.decode(chunk))
            grown += len(chunk)
            if grown >= wanted:
                break
        self._text = "".join(parts)
        return grown > 0


def _balanced(text: str, at: int, limit: int) -> int:
    """Where the brackets that open at *at* are closed, before *limit*; *limit* where they are not."""
    depth = 0
    for token in _BRACKET.finditer(text, at, limit):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth <= 0:
                return token.end() if depth == 0 else max(token.start(), at + 1)
    return limit
