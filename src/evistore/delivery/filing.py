"""``evistore ingest``: files of events into the database, each from where it was left."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from evistore.delivery.ingest import Mode
from evistore.delivery.loading import Bookmark, Piece, Tally, load
from evistore.kernel.database import Database
from evistore.kernel.errors import Rejected
from evistore.kernel.files import numbered
from evistore.kernel.packing import STANDARD_INPUT, opened

CONSUMER = "files"
_HEAD = 64 * 1024
_DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)


@dataclass(slots=True)
class Filed:
    """What became of one file."""

    path: Path
    tally: Tally = field(default_factory=Tally)
    skipped: int = 0
    """Documents that an earlier run had settled."""
    fault: Rejected | None = None
    """Why it could not be read to its end; what stands before that is stored."""


def ingest(
    database: Database,
    path: Path,
    *,
    mode: Mode = "mark",
    from_start: bool = False,
    told: Callable[[int], None] = lambda _: None,
    read: Callable[[int], None] = lambda _: None,
) -> Filed:
    """Store the events of *path*; ``-`` is standard input, which cannot be continued.

    Goes on where an earlier run ended, unless the file has changed since, or *from_start*. *told* hears of every batch how many
    documents it settled, *read* of every piece of the file how many bytes it has, packed as they are.

    Raises:
        Unavailable: the database does not answer, or another process reads this file; the next run goes on there.
    """
    filed = Filed(path)
    pieces = _Pieces(path, read)
    try:
        bookmark = None if path == STANDARD_INPUT else Bookmark.of(database, CONSUMER, identity(path))
    except OSError as error:
        filed.fault = Rejected(f"{path} cannot be read: {error.strerror or error}", code="file-unreadable")
        return filed
    if bookmark and not from_start:
        filed.skipped = bookmark.at or 0
    origin = f"file:{path.name.encode('utf-8', 'replace').decode()}"
    filed.tally = load(database, pieces.after(filed.skipped), origin=origin, mode=mode, bookmark=bookmark, told=told)
    filed.fault = pieces.fault
    return filed


def identity(path: Path) -> str:
    """The name of a file's bookmark: its path, and a digest over what shows that it is still the same file.

    A file that changed is read from its start: its events are known, so that does no harm.
    """
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        head = file.read(_HEAD)
    told = f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "surrogateescape") + head
    return f"{path.name.encode('utf-8', 'replace').decode()[:200]}@{hashlib.sha256(told).hexdigest()[:32]}"


class _Pieces:
    """The documents of a file, up to where it can be read."""

    def __init__(self, path: Path, read: Callable[[int], None]) -> None:
        self._path = path
        self._read = read
        self.fault: Rejected | None = None

    def after(self, number: int) -> Iterator[Piece]:
        """Those after the first *number*; damage ends them and is kept as the fault."""
        try:
            with opened(self._path, read=self._read) as stream:
                for n, (line, raw) in enumerate(numbered(stream), 1):
                    if n > number:
                        yield Piece(raw, line, n)
        except _DAMAGE as error:
            told = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self.fault = Rejected(f"{self._path} cannot be read to its end: {told}", code="file-damaged")
