"""What the driver's errors mean to somebody outside, told by SQLSTATE."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial

import psycopg
from psycopg_pool import PoolTimeout

from evistore.kernel.errors import Fault, Misconfigured, Unavailable

# SQLSTATE classes that only time can mend: connection, resources, operator intervention, serialization and lock conflicts.
_TRANSIENT_CLASSES = ("08", "53", "57", "58")
_DISK_FULL = "53100"
_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "25006"})
# What only other data can mend: data exceptions, constraints, limits of a value's size or depth.
_DATA_CLASSES = ("22", "23", "54")
Mistake = Callable[[str], Misconfigured]
"""What makes a sentence a fault of the operator's."""

LOGIN: Mistake = partial(Misconfigured, code="database-login")
REFUSES: Mistake = partial(Misconfigured, code="database-refuses")
TLS: Mistake = partial(Misconfigured, code="database-tls")
URL: Mistake = partial(Misconfigured, code="database-url")
OF_LOGIN: Mapping[str, Mistake] = {"28000": LOGIN, "28P01": LOGIN}
"""States with which a server refuses a connection, where no waiting mends that. A database that is not there may be restored just now."""
_OF_STATE = {**OF_LOGIN, **dict.fromkeys(("3D000", "42501", "42P01", "42883", "3F000", "42703"), REFUSES)}


class Refused(psycopg.OperationalError):
    """No connection, and waiting does not help."""

    def __init__(self, fault: Misconfigured) -> None:
        """Keep the *fault* that it means to somebody outside."""
        super().__init__(fault.message)
        self.fault = fault


def fault_of(error: psycopg.Error) -> Fault | None:
    """The fault that *error* means to somebody outside, told by SQLSTATE; ``None`` when it is a bug of ours."""
    state = error.sqlstate
    if state is None:
        return _of_connection(error)
    if state == _DISK_FULL:
        return Unavailable(
            "the disk of the database server is full; nothing is stored until there is room", code="database-full"
        )
    if state.startswith(_TRANSIENT_CLASSES) or state in _TRANSIENT_STATES or _is_outdated(error):
        return Unavailable("the database cannot serve this now", code="database-busy")
    if state in _OF_STATE:
        return _OF_STATE[state](f"the database refuses: {error.diag.message_primary or error}")
    return None


def refuses_data(error: psycopg.Error) -> bool:
    """Whether only other data can mend *error*; the driver's own refusals, such as a NUL in a text, have no SQLSTATE."""
    return isinstance(error, psycopg.DataError) or (error.sqlstate or "").startswith(_DATA_CLASSES)


def _is_outdated(error: psycopg.Error) -> bool:
    """Whether a prepared statement would give other columns than before: the schema has changed, and the next attempt prepares it anew."""
    return error.sqlstate == "0A000" and error.diag.source_function == "RevalidateCachedQuery"


def _of_connection(error: psycopg.Error) -> Fault | None:
    if isinstance(error, Refused):
        return error.fault
    is_lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return Unavailable("the database does not answer", code="database-away") if is_lost else None


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
