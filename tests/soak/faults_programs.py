"""What goes wrong with processes of the program: killed, told to stop, frozen."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from soak.world import World

Inflict = Callable[[World, float, random.Random], None]
"""Does something to the world, lets it last for so many seconds, and takes it back."""
STATUS_SECONDS = 45


def killed(*names: str) -> Inflict:
    def inflict(world: World, _: float, dice: random.Random) -> None:
        name = dice.choice(names)
        world.expected.add(name)
        role = world.roles[name]
        role.signal(signal.SIGKILL)
        role.ended(10)
        role.start()
        world.expected.discard(name)

    return inflict


def stopped(*names: str) -> Inflict:
    """Told to stop, it ends by itself, and with status 0."""

    def inflict(world: World, _: float, dice: random.Random) -> None:
        name = dice.choice(names)
        world.expected.add(name)
        role = world.roles[name]
        role.signal(signal.SIGTERM)
        if (status := role.ended(STATUS_SECONDS)) != 0:
            world.deaths.append(f"{name} told to stop: {'no end' if status is None else f'status {status}'}")
            role.signal(signal.SIGKILL)
            role.ended(10)
        role.start()
        world.expected.discard(name)

    return inflict


def stopped_while_stalled(world: World, seconds: float, dice: random.Random) -> None:
    world.to_database.stall()
    time.sleep(seconds / 4)
    name = dice.choice(["serve", "consume-1", "consume-2", "deliver"])
    world.expected.add(name)
    role = world.roles[name]
    role.signal(signal.SIGTERM)
    role.ended(seconds)
    world.to_database.heal()
    if role.ended(STATUS_SECONDS) is None:
        world.deaths.append(f"{name} told to stop while the database was silent: no end {STATUS_SECONDS} s after that")
        role.signal(signal.SIGKILL)
        role.ended(10)
    role.start()
    world.expected.discard(name)


def frozen(world: World, seconds: float, dice: random.Random) -> None:
    """Longer than its group waits for it: another takes its partitions, and it wakes up with a batch that is not its own any more."""
    role = world.roles[dice.choice(["consume-1", "consume-2"])]
    role.signal(signal.SIGSTOP)
    time.sleep(max(seconds, 8.0))
    role.signal(signal.SIGCONT)


def ingest_killed(world: World, seconds: float, _: random.Random) -> None:
    """As soon as one reads a file."""
    give_up = time.monotonic() + 4 * seconds
    while time.monotonic() < give_up:
        running = [one for one in world.files if one.poll() is None and "ingest" in map(str, _words(one))]
        if running:
            time.sleep(0.7)
            with suppress(ProcessLookupError):
                running[-1].kill()
            return
        time.sleep(0.05)


def chore_killed(world: World, seconds: float, dice: random.Random) -> None:
    """As soon as an operator runs one: `maintain`, `migrate`, `rebuild` or whatever has its turn."""
    give_up = time.monotonic() + 4 * seconds
    while time.monotonic() < give_up:
        if world.chore is not None and world.chore.poll() is None:
            time.sleep(dice.uniform(0.4, 1.2))
            world.chore.kill()
            return
        time.sleep(0.05)


def _words(process: subprocess.Popen[bytes]) -> list[object]:
    return list(process.args) if isinstance(process.args, list) else []


def serve_frozen(world: World, seconds: float, _: random.Random) -> None:
    """Its clients wait, and so does whoever waits for the locks of its transactions."""
    world.roles["serve"].signal(signal.SIGSTOP)
    time.sleep(seconds)
    world.roles["serve"].signal(signal.SIGCONT)


def everything_killed(world: World, seconds: float, _: random.Random) -> None:
    """As by a power cut; the program is back first, then the broker, the database last."""
    names = list(world.roles)
    world.expected.update(names)
    with world.topics.losing(world.positions):
        for role in world.roles.values():
            role.signal(signal.SIGKILL)
        world.server.kill()
        world.broker.kill()
        for role in world.roles.values():
            role.ended(10)
            role.start()
        world.expected.difference_update(names)
        time.sleep(seconds)
        world.broker.start()
        world.server.stop()
        world.server.start()
