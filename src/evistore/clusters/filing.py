"""``evistore ingest --kind report``: files of messages about clusters, as a topic would bring them.

There is no bookmark: a message that is stored already changes nothing, so a file is read again from its start.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import zstandard

from evistore.clusters.ingest import Kind, Rules, accept_and_keep
from evistore.kernel.database import Database
from evistore.kernel.errors import Rejected
from evistore.kernel.files import Numbered, numbered
from evistore.kernel.packing import opened

BATCH = 500
_DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)


@dataclass(slots=True)
class Filed:
    """What became of one file."""

    path: Path
    outcomes: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    """Why messages were not taken in, by the code of their first fault."""
    fault: Rejected | None = None
    """Why it could not be read to its end; what stands before that is stored."""

    @property
    def total(self) -> int:
        """How many messages there were."""
        return self.outcomes.total()

    @property
    def taken_in(self) -> bool:
        """Whether all of the file was read, and nothing in it was faulty."""
        return self.fault is None and not self.outcomes["faulty"]


def ingest(
    database: Database,
    path: Path,
    kind: Kind,
    rules: Rules,
    *,
    told: Callable[[int], None] = lambda _: None,
    read: Callable[[int], None] = lambda _: None,
) -> Filed:
    """Store the messages of *path*; ``-`` is standard input. Faulty ones go to quarantine, each with its line.

    *told* hears of every batch how many messages it settled, *read* of every piece of the file how many bytes it has, packed as they are.

    Raises:
        Unavailable: the database does not answer; what was told is stored.
    """
    filed = Filed(path)
    name = path.name.encode("utf-8", "replace").decode()
    messages = _messages(filed, read)
    while batch := list(islice(messages, BATCH)):
        with database.transaction() as tx:
            origins = [f"file:{name}:{line}" for line, _ in batch]
            receipts = accept_and_keep(tx, kind, [raw for _, raw in batch], origins=origins, rules=rules)
        filed.outcomes.update(receipt.outcome for receipt in receipts)
        filed.reasons.update(receipt.faults[0].code for receipt in receipts if receipt.faults)
        told(len(receipts))
    return filed


def _messages(filed: Filed, read: Callable[[int], None]) -> Iterator[Numbered]:
    """The documents of the file with their lines; damage ends them and is kept as the fault."""
    try:
        with opened(filed.path, read=read) as stream:
            yield from ((line, raw) for line, raw in numbered(stream))
    except _DAMAGE as error:
        said = (error.strerror if isinstance(error, OSError) else None) or str(error)
        filed.fault = Rejected(f"{filed.path} cannot be read to its end: {said}", code="file-damaged")
