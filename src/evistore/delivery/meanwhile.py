"""What a page asks while it asks other things: on connections of their own, with a bound of time for each question."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from evistore.delivery.activity import in_time
from evistore.kernel.database import Database, Transaction

T = TypeVar("T")

PATIENCE_MILLISECONDS = 700
"""How long one statement may take: the page comes without it after that, and says so."""

_askers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="meanwhile")


def meanwhile(database: Database, ask: Callable[[Transaction], T]) -> Future[T | None]:
    """*ask* has begun, in a read-only transaction of its own; its result will be ``None`` where it takes too long.

    Its result raises ``Unavailable`` where the database is away.
    """
    return _askers.submit(in_time, database, ask, PATIENCE_MILLISECONDS)
