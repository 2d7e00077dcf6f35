"""The ledger: every sentence, with what speaks against it."""

from __future__ import annotations

import psycopg

from soak import behaviour, evidence
from soak.claims import CLAIMS, Ground
from soak.conduct import Soak
from soak.world import World

SENTENCES = tuple(CLAIMS)
"""Those about evidence and those about behaviour."""


def ledger(soak: Soak, world: World) -> dict[str, list[str]]:
    """What speaks against each sentence; nothing where it holds. Makes the projections anew."""
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        ground = Ground(soak, world, connection)
        return {sentence: against(ground) for sentence, against in CLAIMS.items()}


_ = evidence, behaviour
