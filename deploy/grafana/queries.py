"""The SQL of dashboards: `queries/<dashboard>.sql`, blocks that begin with `-- name: x`, as in the rest of the house."""

from __future__ import annotations

import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"
_BLOCK = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


class Queries:
    """The statements of one dashboard. Each is asked for at least once, or the dashboard is not made."""

    def __init__(self, dashboard: str) -> None:
        _, *parts = _BLOCK.split((_FOLDER / f"{dashboard}.sql").read_text("utf-8"))
        self._texts = {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._asked.add(name)
        return self._texts[name]

    @property
    def unused(self) -> list[str]:
        """Statements that nothing has asked for."""
        return sorted(self._texts.keys() - self._asked)
