"""Progress bars on a terminal."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from rich import progress as rich
from rich.console import Console

from evistore.kernel.terminal import Progress


class _Bar(Progress):
    """A bar, the number that are done, and how many a second."""

    def __init__(self, shown: rich.Progress, task: rich.TaskID, *, by_parts: bool) -> None:
        self._shown, self._task, self._by_parts = shown, task, by_parts
        self._done, self._began = 0, time.monotonic()

    def count(self, number: int) -> None:
        self._done += number
        rate = self._done / max(time.monotonic() - self._began, 0.001)
        self._shown.update(self._task, told=f"{self._done:,}, {rate:,.0f}/s", advance=0 if self._by_parts else number)

    def part(self, size: int) -> None:
        self._shown.advance(self._task, size)


@contextmanager
def bar(what: str, total: int | None, *, by_parts: bool) -> Generator[Progress]:
    """A bar on stderr, gone when the block ends."""
    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.TextColumn("{task.fields[told]}"),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield _Bar(shown, shown.add_task(what, total=total, told=""), by_parts=by_parts)
