"""The bytes of files, decompressed: plain, gzip or Zstandard, told by their first bytes and never by their names."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import zstandard

STANDARD_INPUT = Path("-")
_CHUNK = 1024 * 1024
_PACKED = 256  # compressed bytes taken at once: a few can stand for a hundred kilobytes, and memory is to stay bounded
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


@contextmanager
def opened(path: Path, *, read: Callable[[int], None] = lambda _: None) -> Generator[io.BufferedReader]:
    """The bytes of *path*, or of standard input for ``-``, decompressed when their first bytes say so.

    *read* hears of every piece how many bytes it has, before it is decompressed.

    Raises:
        OSError: the file cannot be read. While it is read, broken compression raises EOFError, OSError, zlib.error or
            zstandard.ZstdError.
    """
    source = sys.stdin.buffer if path == STANDARD_INPUT else path.open("rb", buffering=0)
    try:
        yield _decompressed(io.BufferedReader(_Heard(source, read), _CHUNK))
    finally:
        if path != STANDARD_INPUT:
            source.close()


def _decompressed(source: io.BufferedReader) -> io.BufferedReader:
    magic = source.peek(len(_ZSTANDARD))[: len(_ZSTANDARD)]
    if magic.startswith(_GZIP):
        return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=source)), _CHUNK)
    if magic == _ZSTANDARD:
        return io.BufferedReader(_Zstandard(source), _CHUNK)
    return source


class _Heard(io.RawIOBase):
    """A stream that tells how much of it is read."""

    def __init__(self, source: Any, read: Callable[[int], None]) -> None:
        self._source, self._tell = source, read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._source.readinto(buffer) or 0
        self._tell(count)
        return count


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
