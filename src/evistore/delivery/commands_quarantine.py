"""Commands on events that were kept but not taken in."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from evistore.kernel.quarantine_commands import Commands
from evistore.kernel.terminal import settings

if TYPE_CHECKING:
    from evistore.kernel.database import Database, Transaction
    from evistore.kernel.quarantine import Quarantine
    from evistore.kernel.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Put the group into *app*."""
    Commands(_opened, _kept, _again).add_to(app)


def _kept() -> Quarantine[Any, Any]:
    from evistore.delivery.quarantine import KEPT  # noqa: PLC0415

    return KEPT


def _again(tx: Transaction, number: int, chosen: Settings) -> tuple[bool, str]:
    from evistore.delivery import quarantine  # noqa: PLC0415

    receipt = quarantine.replay(tx, number, mode=chosen.validation)
    why = f": {receipt.detail or receipt.reason}" if receipt.reason else ""
    return receipt.outcome in ("stored", "duplicate"), receipt.outcome + why


@contextmanager
def _opened(url: str | None) -> Generator[tuple[Database, Settings]]:
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(database_url=url)
    with opened(chosen, CONTEXTS, name="evistore quarantine") as database:
        yield database, chosen
