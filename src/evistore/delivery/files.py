"""Files of events, read as streams: NDJSON, JSON documents one after the other, JSON arrays; plain, gzip or Zstandard.

Memory stays bounded by the largest single document, and a broken document costs no other where a line ends between them.
"""

from __future__ import annotations

import codecs
import gzip
import io
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, cast

import orjson
import zstandard

from evistore.delivery.documents import LARGEST, end_of_value
from evistore.kernel.errors import Rejected

STANDARD_INPUT = Path("-")
_CHUNK = 1024 * 1024
_PACKED = 4 * 1024  # read at once from a compressed file: what it stands for may be thousands of times as long
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BLANK = " \t\r\n"


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
    """Every document of *stream* in order, as it was written; those of an array one by one, blank lines left out.

    What is no JSON comes as it is, up to the end of its line, so that whoever decodes it can say so.
    """
    if _starts_list(stream):
        return _structural(_chunks(stream))
    lines = _lines(stream)
    first = next(lines, b"").removeprefix(codecs.BOM_UTF8)
    second = next(lines, b"")
    if not (_is_json(first) or _is_json(second)):
        return _structural(chain([first + b"\n" + second + b"\n"], _chunks(stream)))
    return (part for line in chain([first, second], lines) if line for part in _line(line))


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


def _lines(stream: io.BufferedReader) -> Iterator[bytes]:
    """Lines that are not blank, without the white space around them; one that is too long is cut."""
    while line := stream.readline(LARGEST + 1):
        if stripped := line.strip():
            yield stripped


def _line(line: bytes) -> Iterator[bytes]:
    return _structural(iter([line])) if line.startswith(b"[") else iter([line])


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


def _structural(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Documents found by their structure, whatever the lines are."""
    window = _Window(chunks)
    inside = False
    while (character := window.upcoming()) is not None:
        if character == "[" and not inside:
            inside = True
            window.skip()
        elif inside and character in ",]":
            inside = character == ","
            window.skip()
        else:
            yield window.take()
    if inside:
        yield b"["  # the array was never closed: something is missing, and whoever decodes this will say so


class _Window:
    """The part of a stream being looked at: grows while a document is incomplete, forgets what was taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
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

    def skip(self) -> None:
        """Pass the upcoming character."""
        self._at += 1

    def take(self) -> bytes:
        """The upcoming document; when it is none, the rest of its line."""
        end = self._end()
        if end is None:
            newline = self._text.find("\n", self._at)
            end = len(self._text) if newline < 0 else newline
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
        parts = [self._text[self._at :]]
        self._at = 0
        grown = 0
        for chunk in self._chunks:
            parts.append(self._decoder.decode(chunk))
            grown += len(chunk)
            if grown >= wanted:
                break
        self._text = "".join(parts)
        return grown > 0
