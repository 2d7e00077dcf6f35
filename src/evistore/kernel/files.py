"""The documents of a stream of bytes: NDJSON, JSON documents one after the other, JSON arrays.

Memory stays bounded by the largest single document, and a broken document costs no other where a line ends between them.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import chain, count, islice

import orjson

from evistore.kernel.documents import LARGEST, end_of_value
from evistore.kernel.errors import Rejected

_CHUNK = 1024 * 1024
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_BLANK = " \t\r\n"

Numbered = tuple[int, bytes]
"""A document and the line it starts on, from 1."""


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
