"""What the ledger says about behaviour: how everybody did on the way."""

from __future__ import annotations

import math
import re

from soak.claims import Ground, claim, some

MEMORY = 200 * 1024
"""Kilobytes that a process of the program may have."""
HEALTH_SECONDS = 5.0
TRACE = re.compile(r"Traceback|\"level\": ?\"(error|critical)\"|-fault\b")


@claim("nobody was told what should not be")
def _(on: Ground) -> list[str]:
    return some(f"{what} ({number} times)" for what, number in on.soak.book.surprises.items())


@claim("no process ended by itself, and all did when they were told to")
def _(on: Ground) -> list[str]:
    return some(on.world.deaths)


@claim("no log tells of a bug")
def _(on: Ground) -> list[str]:
    return some(
        f"{path.name}: {line}"
        for path in sorted(on.world.folder.glob("*.log"))
        for line in path.read_text("utf-8", "replace").splitlines()
        if TRACE.search(line) and '"event":"request"' not in line
    )


@claim("whether the server lives is answered within seconds, whatever it waits for")
def _(on: Ground) -> list[str]:
    frozen = [(one.began, one.healed) for one in on.soak.faults if one.name == "serve frozen"]
    late = [one for one in on.soak.book.attempts["health"] if one.ended - one.began > HEALTH_SECONDS]
    meant = [one for one in late if any(one.began < healed and one.ended > began for began, healed in frozen)]
    return some(f"{one.ended - one.began:.1f} s {one.why}" for one in late if one not in meant)


@claim("processes of the program stay below 200 MB")
def _(on: Ground) -> list[str]:
    return [f"{role.name}: {role.highest // 1024} MB" for role in on.world.roles.values() if role.highest > MEMORY]


@claim("after each fault everything works again within a minute")
def _(on: Ground) -> list[str]:
    return some(
        f"{what}, after '{fault.name}'"
        for fault in on.soak.faults
        for what, seconds in fault.recovered.items()
        if math.isinf(seconds)
    )


@claim("at the end everything arrived within a minute")
def _(on: Ground) -> list[str]:
    return on.soak.late
