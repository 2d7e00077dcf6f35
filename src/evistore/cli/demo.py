"""``evistore demo``: everything at once, on a generated history."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Put the command into *app*."""
