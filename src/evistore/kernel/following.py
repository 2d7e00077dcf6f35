"""Whether the replica that readers are to ask follows its primary, as a finding."""

from __future__ import annotations

import time

from evistore.kernel.database import Database
from evistore.kernel.doctor import Finding
from evistore.kernel.errors import Fault
from evistore.kernel.replica import SQL

_PATIENCE_SECONDS = 2.0
_MEANING = "Readers ask the primary, where they take the place of writers."


def following(url: str, primary_url: str) -> Finding:
    """What there is to say about the replica at *url* of the database at *primary_url*; gives it two seconds to catch up with now."""
    try:
        with Database(primary_url, size=1) as one, Database(url, size=1) as other:
            one.connect().close()  # says at once what the pool would try for a while
            other.connect().close()
            return _compared(one, other)
    except Fault as fault:
        told = str(fault.__cause__ or fault.message).strip().partition("\n")[0]
        return Finding(
            "replica",
            "bad",
            f"{told} [{fault.code}]",
            _MEANING,
            "See that it runs, and that EVISTORE_READ_DATABASE_URL names it.",
        )


def _compared(one: Database, other: Database) -> Finding:
    with one.transaction(read_only=True) as tx:
        written: int = tx.value(SQL["written"])
    began = time.monotonic()
    while True:
        with other.transaction(read_only=True) as tx:
            replayed: int | None = tx.value(SQL["replayed"])
        seconds = time.monotonic() - began
        if replayed is None:
            return Finding(
                "replica",
                "bad",
                "it is no replica",
                _MEANING,
                "Let EVISTORE_READ_DATABASE_URL name a streaming replica of EVISTORE_DATABASE_URL.",
            )
        if replayed >= written:
            return Finding("replica", "ok", f"has what was written {seconds:.1f} s ago", "", "")
        if seconds > _PATIENCE_SECONDS:
            behind = f"{(written - replayed) / 2**20:.1f} MB behind after {seconds:.0f} s"
            return Finding(
                "replica",
                "warn",
                behind,
                _MEANING,
                "Look for long queries there, and at pg_stat_replication on the primary.",
            )
        time.sleep(0.05)
