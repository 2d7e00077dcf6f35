"""What became of a wish to settle something about a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["stored", "deleted", "cluster-unknown", "organisation-differs", "vote-unknown"]


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome, and the organisation of the cluster where that is known. Unless something is stored or deleted, nothing has changed."""

    outcome: Outcome
    owner: int | None
