"""A pool of connections that knows why it has none: psycopg's own tells nobody but its log."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from evistore.kernel import connecting
from evistore.kernel.errors import Misconfigured
from evistore.kernel.faults import Refused

_FIRST_SECONDS = 0.5


class Pool:
    """At most so many connections, the first of which is made when it is needed."""

    def __init__(
        self,
        url: Callable[[], str],
        parameters: Mapping[str, Any],
        *,
        size: int,
        timeout: float,
        configure: Callable[[psycopg.Connection[Any]], None],
    ) -> None:
        """Prepare *size* connections to what *url* tells, with libpq's *parameters*; *timeout* bounds the wait for one, in seconds."""
        self._timeout = timeout
        self._passed = False
        self._refusal: Refused | None = None
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url,
            connection_class=self._kind(),
            min_size=0,
            max_size=size,
            timeout=timeout,
            reconnect_timeout=timeout,  # the pool's own patience doubles its pauses up to minutes
            open=False,
            kwargs=dict(parameters),
            configure=configure,
            check=ConnectionPool.check_connection,
        )

    def open(self) -> None:
        """Begin."""
        self._pool.open()

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def lent(self, stack: ExitStack, patience: float | None = None) -> psycopg.Connection[Any]:
        """A connection, until *stack* is left. *patience* bounds the wait for it, in seconds, where that is to be another one than the pool's.

        Raises:
            Refused: the server takes none of ours, and waiting does not help.
            PoolTimeout: none became free in time.
        """
        until = time.monotonic() + (self._timeout if patience is None else patience)
        while True:
            left = until - time.monotonic()
            # Before the first one came in there is no queue whose place could be lost: whether we are refused is asked early.
            wait = left if self._passed else min(left, _FIRST_SECONDS)
            try:
                return stack.enter_context(self._pool.connection(max(wait, 0.0)))
            except PoolTimeout:
                if self._refusal is not None:
                    raise self._refusal from None
                if wait == left:
                    raise

    def _kind(self) -> type[psycopg.Connection[Any]]:
        """A kind of connection that leaves word here when it is made."""
        pool = self

        class Told(psycopg.Connection[Any]):
            @classmethod
            def connect(cls, conninfo: str = "", **parameters: Any) -> psycopg.Connection[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
                return pool._connected(conninfo, parameters)

        return Told

    def _connected(self, url: str, parameters: Mapping[str, Any]) -> psycopg.Connection[Any]:
        try:
            made = connecting.connect(url, **parameters)
        except Misconfigured as fault:
            self._refusal = Refused(fault)
            raise self._refusal from None
        except Refused as refused:
            self._refusal = refused
            raise
        self._passed, self._refusal = True, None
        return made
