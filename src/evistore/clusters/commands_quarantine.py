"""Commands on messages about clusters that were kept but not taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from evistore.kernel.quarantine_commands import Commands, Opened

if TYPE_CHECKING:
    from evistore.clusters.quarantine import Message
    from evistore.kernel.database import Transaction
    from evistore.kernel.quarantine import Quarantine
    from evistore.kernel.settings import Settings


def add_to(app: typer.Typer, opened: Opened) -> None:
    """Put the group into *app*; *opened* opens the database of cluster evidence."""
    Commands(opened, _kept, _again, columns=("kind",), told=_told).add_to(app)


def _kept() -> Quarantine[Any, Any]:
    from evistore.clusters.quarantine import KEPT  # noqa: PLC0415

    return KEPT


def _told(message: Message) -> dict[str, Any]:
    from evistore.clusters.quarantine import told  # noqa: PLC0415

    return told(message)


def _again(tx: Transaction, number: int, chosen: Settings) -> tuple[bool, str]:
    from evistore.clusters.consuming import rules_of  # noqa: PLC0415
    from evistore.clusters.ingest import in_words  # noqa: PLC0415
    from evistore.clusters.quarantine import replay  # noqa: PLC0415

    receipt = replay(tx, number, rules_of(chosen))
    why = f": {in_words(receipt.faults)}" if receipt.faults else ""
    return receipt.outcome != "faulty", receipt.outcome + why
