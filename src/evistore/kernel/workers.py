"""What works until it is told to stop: how it hears of that, and how several work side by side."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from types import FrameType

Stop = Callable[[], bool]
"""Whether it is time to stop."""
Worker = Callable[[Stop], None]
"""Works until its argument says so."""
_ENDING = (signal.SIGTERM, signal.SIGINT)


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
    """What says whether to stop: *stop*, or else the first SIGTERM or SIGINT; a second one ends the process where it stands. For the main thread."""
    if stop is not None:
        yield stop
        return
    heard = Event()

    def hear(_number: int, _frame: FrameType | None) -> None:
        heard.set()
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, hear) for number in _ENDING}
    try:
        yield heard.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
