"""The system account that a server program runs as: PostgreSQL refuses root.

Root lends the program to an account that exists already. Where the folders on the way are closed to that account (a
clone below ``/root``), a capability lets it through; nobody's permissions are widened.
"""

from __future__ import annotations

import os
import pwd
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evistore.kernel.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group of this machine, by number."""

    uid: int
    gid: int

    @classmethod
    def of(cls, data: Path) -> Account:
        """The owner of *data*; where that would be root, ``postgres`` or ``nobody``."""
        if data.exists() and data.stat().st_uid:
            return cls(data.stat().st_uid, data.stat().st_gid)
        if os.geteuid():
            return cls(os.geteuid(), os.getegid())
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise Misconfigured("root needs an account 'postgres' or 'nobody' to run PostgreSQL as", code="embedded-owner")

    def enters(self, folder: Path) -> bool:
        """Whether this account gets to *folder* by the permissions alone."""
        return all(self._passes(parent.stat()) for parent in (folder, *folder.parents))

    def _passes(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        return bool(status.st_mode & (stat.S_IXGRP if status.st_gid == self.gid else stat.S_IXOTH))

    def prefix(self, *folders: Path) -> list[str]:
        """What to put before a command so that this account runs it and reaches *folders*."""
        if os.geteuid() == self.uid:
            return []
        words = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not all(self.enters(folder) for folder in folders):
            words += [f"--inh-caps=+{_passage()}", f"--ambient-caps=+{_passage()}"]
            if _effective() & _SETPCAP:
                # access(2), by which initdb looks for the server's program, would leave an ordinary user's capabilities out of account.
                words.append("--securebits=+no_setuid_fixup")
        return [*words, "--"]


_SETPCAP = 1 << 8


def _passage() -> str:
    """The smaller of the two capabilities that pass closed folders; containers often have only the other."""
    return "dac_read_search" if _effective() & 0b100 else "dac_override"


def _effective() -> int:
    """The capabilities of this process, as bits."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^CapEff:\s*(\w+)", status, re.MULTILINE)
    return int(found[1], 16) if found else 0
