"""Which build of the program this is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Build:
    """What a wheel says about itself."""

    version: str
    commit: str
    """The commit it was built from, with ``-changed`` behind it where the sources were not as committed; empty in a working tree."""

    def __str__(self) -> str:
        """``0.1.0``, or ``0.1.0 (commit 1f0c…)``."""
        return f"{self.version} (commit {self.commit})" if self.commit else self.version


def build() -> Build:
    """The build that runs."""
    told = files("evistore") / "build.json"
    commit = json.loads(told.read_text("utf-8"))["commit"] if told.is_file() else ""
    return Build(version("evistore"), commit)
