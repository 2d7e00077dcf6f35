"""How figures are computed: the functions and views of the database, as it tells of them itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "explained")

_NAMED = re.compile(r"\bcdviz\.([a-z_]+)\b")


@dataclass(frozen=True, slots=True)
class Listed:
    """A function or view that people may ask, in its own words."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A function or view: what it takes and gives, in its own words, and its text."""

    name: str
    kind: str
    words: str
    takes: str | None
    gives: str
    definition: str

    @property
    def named(self) -> set[str]:
        """Whatever else of the schema its text names."""
        return set(_NAMED.findall(self.definition)) - {self.name}


def every(tx: Transaction) -> list[Listed]:
    """Everything that a reader of the database may ask, by name."""
    return tx.all(Listed, SQL["every"])


def explained(tx: Transaction, name: str) -> list[Explained]:
    """The functions and views of this *name*; none where there is none."""
    return tx.all(Explained, SQL["explained"], name=name)
