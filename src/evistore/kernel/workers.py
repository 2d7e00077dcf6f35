"""What works until it is told to stop: how it hears of that, and how several work side by side."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event

Stop = Callable[[], bool]
"""Whether it is time to stop."""
Worker = Callable[[Stop], None]
"""Works until its argument says so."""


def together(workers: Sequence[Worker], stop: Stop) -> None:
    """Run each in a thread of its own, a single one in this one. When one fails the others finish, too, and its failure is raised."""
    if len(workers) == 1:
        return workers[0](stop)
    with ThreadPoolExecutor(len(workers)) as threads:
        failed = Event()
        running = [threads.submit(one, lambda: failed.is_set() or stop()) for one in workers]
        wait(running, return_when=FIRST_EXCEPTION)
        failed.set()
    for one in running:
        one.result()
    return None


@contextmanager
def signals(stop: Stop | None = None) -> Generator[Stop]:
    """What says whether to stop: *stop*, or else SIGTERM and SIGINT, which in the meantime do nothing more; for the main thread."""
    if stop is not None:
        yield stop
        return
    heard: list[int] = []
    before = {number: signal.signal(number, lambda n, _: heard.append(n)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(heard)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
