"""Connections to PostgreSQL as they are made, and whose fault it is when one is not.

libpq tells why a connection failed in sentences only, and in the server's language. So a connection that failed is tried once more by hand: libpq can
be asked to name the SQLSTATE instead, and what it was doing when it failed tells the rest. Of TLS no code is told by anybody: where it fails between
the server's word that it speaks TLS and the end of the handshake, twice in a row, certificates or versions do not fit, and no waiting mends that.
"""

from __future__ import annotations

import ctypes
import os
import re
import select
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from evistore.kernel.faults import LOGIN, OF_LOGIN, TLS, URL, Mistake, Refused

Place = str | Callable[[], str]
"""The URL of a database, or what tells it anew for each connection."""

_PATIENCE_SECONDS = 3.0
_STATE = re.compile(r":\s+([0-9A-Z]{5})\s*\Z")
_CODES_ONLY = 3  # PQERRORS_SQLSTATE
_SSL_REQUEST = struct.pack("!II", 8, 80877103)
_URL = re.compile(r"\s*postgres(?:ql)?://")


def connect(url: str, **parameters: Any) -> psycopg.Connection[Any]:
    """A connection in autocommit mode to *url*; *parameters* are libpq's, and win over it.

    Raises:
        Misconfigured: ``database-url``.
        Refused: the server or libpq refuses in a way that no waiting mends.
        psycopg.OperationalError: the server does not answer, or not now.
    """
    text = make_conninfo(checked(url), **parameters)
    if conninfo_to_dict(text).get("sslrootcert") == "system":
        _trust_system()
    try:
        return psycopg.connect(text, autocommit=True)
    except psycopg.errors.ConnectionTimeout:
        raise
    except psycopg.OperationalError as error:
        mistake = refusal(text)
        if mistake is None:
            raise
        raise Refused(mistake(f"no connection to the database: {' '.join(str(error).split())}")) from error


def checked(url: str) -> str:
    """*url*, which libpq can read. What is wrong is told without any part of it: a password may stand anywhere in one that is misspelt.

    Raises:
        Misconfigured: ``database-url``.
    """
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        fits = False
    else:
        authority, _, rest = url.partition("://")[2].partition("?")[0].partition("/")
        fits = _URL.match(url) is None or (authority.count("@") < 2 and "@" not in rest)  # noqa: PLR2004  # of one login
    if fits:
        return url
    raise URL(
        "the URL of the database cannot be read: in a password that stands in it, every character but letters, digits and -._~ is written as %XX; "
        "EVISTORE_DATABASE_PASSWORD takes it as it is"
    )


def completed(url: SecretStr, password: SecretStr | None) -> Callable[[], str]:
    """Where *url* leads, with *password* where it has none. Both are looked at anew for each connection: files may change.

    Raises:
        Misconfigured: ``database-url``.
    """

    def current() -> str:
        text = checked(url.get_secret_value())
        if password is None or conninfo_to_dict(text).get("password"):
            return text
        return make_conninfo(text, password=password.get_secret_value())

    current()
    return current


def refusal(conninfo: str) -> Mistake | None:
    """Why the server that libpq tried last does not take us, as what makes a fault of it; ``None`` where time may mend it, or it takes us now."""
    tried = pq.PGconn.connect_start(conninfo.encode())
    try:
        stage = _stage(tried)
        if stage is None:
            return None
        found = _STATE.search(tried.error_message.decode("utf-8", "replace"))
        if found is not None:
            return OF_LOGIN.get(found[1])
        return LOGIN if tried.needs_password else _of_stage(tried, stage)
    finally:
        tried.finish()


@dataclass(frozen=True, slots=True)
class _Stage:
    """How far a connection came before it failed."""

    status: int
    encrypted: bool


def _stage(tried: pq.abc.PGconn) -> _Stage | None:
    """Make *tried*; ``None`` when it does not fail, or not in time."""
    _ask_for_codes(tried)
    stage = _Stage(tried.status, encrypted=False)
    until = time.monotonic() + _PATIENCE_SECONDS
    while tried.status != pq.ConnStatus.BAD and (left := until - time.monotonic()) > 0:
        stage = _Stage(tried.status, bool(tried.ssl_in_use))
        match tried.connect_poll():
            case pq.PollingStatus.READING:
                select.select([tried.socket], [], [], left)
            case pq.PollingStatus.WRITING:
                select.select([], [tried.socket], [], left)
            case _:
                break
    return stage if tried.status == pq.ConnStatus.BAD else None


def _of_stage(tried: pq.abc.PGconn, stage: _Stage) -> Mistake | None:
    """What it means that *tried* failed at *stage* without a word of the server that libpq tells."""
    given = {one.keyword: one.val for one in tried.info}
    match stage.status:
        case pq.ConnStatus.BAD:  # before anything was sent: libpq cannot do what the URL asks for
            found = URL
        case pq.ConnStatus.SSL_STARTUP:
            found = TLS
        case pq.ConnStatus.AWAITING_RESPONSE if stage.encrypted and given.get(b"sslcert"):
            found = TLS  # of TLS 1.3, a client's certificate is refused after the handshake
        case _:
            return None
    address = tried.hostaddr or given.get(b"hostaddr") or tried.host
    return found if _speaks(address.decode(), tried.port.decode()) else None


def _speaks(host: str, port: str) -> bool:
    """Whether a server answers the question for TLS, be it with yes or no: one that is away does not, nor does a proxy before it."""
    try:
        with socket.create_connection((host, int(port)), timeout=_PATIENCE_SECONDS) as line:
            line.sendall(_SSL_REQUEST)
            return line.recv(1) in {b"S", b"N"}
    except (OSError, ValueError):
        return False


def _ask_for_codes(tried: pq.abc.PGconn) -> None:
    """Let libpq name an SQLSTATE instead of its sentence. psycopg does not offer that; it tells the pointer for what it does not offer."""
    ask, pointer = _verbosity(), getattr(tried, "pgconn_ptr", None)
    if ask is not None and pointer is not None:
        ask(ctypes.c_void_p(pointer), _CODES_ONLY)


@cache
def _verbosity() -> Callable[..., Any] | None:
    """``PQsetErrorVerbosity`` of the very libpq that psycopg is linked to; ``None`` where that cannot be found, and codes stay unknown."""
    module = sys.modules[pq.PGconn.__module__]
    try:
        return ctypes.CDLL(module.__file__).PQsetErrorVerbosity
    except (OSError, AttributeError):
        return None


def _trust_system() -> None:
    """Tell psycopg's own OpenSSL where this system keeps its authorities, unless the environment says so: it was built for a place of its own."""
    if not {"SSL_CERT_FILE", "SSL_CERT_DIR"} & os.environ.keys():
        found = ssl.get_default_verify_paths()
        for name, path in (("SSL_CERT_FILE", found.cafile), ("SSL_CERT_DIR", found.capath)):
            if path:
                os.environ[name] = path
