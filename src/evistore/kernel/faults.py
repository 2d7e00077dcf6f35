"""What the driver's errors mean to somebody outside, told by SQLSTATE."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolTimeout

from evistore.kernel.errors import Fault, Misconfigured, Unavailable

# SQLSTATE classes that only time can mend: connection, resources, operator intervention, serialization and lock conflicts.
_TRANSIENT_CLASSES = ("08", "53", "57", "58")
_DISK_FULL = "53100"
_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "25006"})
# What only other data can mend: data exceptions, constraints, limits of a value's size or depth.
_DATA_CLASSES = ("22", "23", "54")
_OPERATOR_STATES = frozenset({"28000", "28P01", "3D000", "42501", "42P01", "42883", "3F000", "42703"})


def fault_of(error: psycopg.Error) -> Fault | None:
    """The fault that *error* means to somebody outside, told by SQLSTATE; ``None`` when it is a bug of ours."""
    state = error.sqlstate
    if state is None:
        return Unavailable("the database does not answer", code="database-away") if _lost(error) else None
    if state == _DISK_FULL:
        return Unavailable(
            "the disk of the database server is full; nothing is stored until there is room", code="database-full"
        )
    if state.startswith(_TRANSIENT_CLASSES) or state in _TRANSIENT_STATES:
        return Unavailable("the database cannot serve this now", code="database-busy")
    if state in _OPERATOR_STATES:
        return Misconfigured(f"the database refuses: {error.diag.message_primary or error}", code="database-refuses")
    return None


def refuses_data(error: psycopg.Error) -> bool:
    """Whether only other data can mend *error*; the driver's own refusals, such as a NUL in a text, have no SQLSTATE."""
    return isinstance(error, psycopg.DataError) or (error.sqlstate or "").startswith(_DATA_CLASSES)


def _lost(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


@contextmanager
def translated() -> Generator[None]:
    """Turn the driver's errors that are no bugs into faults."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("no database connection became free in time", code="database-away") from error
    except psycopg.Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise fault from error
