"""What the machine has."""

from __future__ import annotations

import os


def shared_megabytes() -> int:
    """What an embedded server may share between its processes: a sixteenth of the memory, between 128 MB and 1 GB.

    Identities, subjects and edges are written at random places; the more of them stays in reach, the less a long history slows writers down.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(128, min(1024, memory // 16))
