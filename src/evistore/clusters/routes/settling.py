"""What operations share that settle something: the order in which faults are told, what became of it, and texts of a bounded length."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from evistore.clusters import feedback
from evistore.clusters.routes.answers import missing
from evistore.clusters.routes.bodies import BAD_TYPE, BROKEN, MISSING, Object, text
from evistore.clusters.routes.call import FOREIGN, Call
from evistore.clusters.routes.parameters import CLUSTER, storable
from evistore.clusters.settled import Settled
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Fault, Rejected

LONGEST = 255
"""Bytes that a message or a justification may have in UTF-8."""

NOT_YOURS = FOREIGN.format(org_id="N", own="N")
UNKNOWN = "Item with ID C was not found in the storage"
FAULTS = {403: (NOT_YOURS,), 404: (UNKNOWN,)}
"""Further answers of operations on a cluster, for the description."""


@contextmanager
def of_known_cluster(tx: Transaction, call: Call, *, owned: bool = False) -> Generator[None]:
    """Tell a fault of the block only after those of the call's cluster: that it is not there or, where *owned*, that it is not the caller's.

    What fits costs no look: whatever settles something looks itself.

    Raises:
        NotFound: the cluster has no report.
        Forbidden: it is not the caller's.
    """
    try:
        yield
    except Fault:
        owner = feedback.owner(tx, call[CLUSTER])
        if owner is None:
            raise missing(call[CLUSTER]) from None
        if owned:
            call.permit(owner)
        raise


def check(settled: Settled, call: Call) -> None:
    """Let the call go on if what it wished for is done.

    Raises:
        NotFound: its cluster has no report.
        Forbidden: that is not the caller's.
    """
    if settled.outcome == "cluster-unknown":
        raise missing(call[CLUSTER])
    if settled.outcome == "organisation-differs" and settled.owner is not None:
        call.permit(settled.owner)


def asking(call: Call) -> int | None:
    """The organisation of the caller, where that is known."""
    return None if call.caller is None else call.caller.org_id


def actor(call: Call) -> str | None:
    """The user who calls, where that is known."""
    return None if call.caller is None else call.caller.user_id


@dataclass(frozen=True, slots=True)
class Words:
    """A body with one member, a text of at most :data:`LONGEST` bytes."""

    name: str
    required: bool = True
    refusals: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Tell the faults."""
        object.__setattr__(self, "refusals", (MISSING, BAD_TYPE, BROKEN, _too_long(self.name, "V")))

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of the body."""
        member = {
            "type": ["string", "null"],
            "maxLength": LONGEST,
            "description": f"At most {LONGEST} bytes of UTF-8.",
        }
        return Object({self.name: member}).schema

    def read(self, body: bytes) -> str:
        """The text; an empty one where there is none.

        Raises:
            Rejected: ``body-missing``, ``not-json``, ``body-type``, ``text-too-long``, ``nul-character``.
        """
        said = text(Object({}, required=self.required).read(body).get(self.name))
        whole = said.encode()
        if len(whole) > LONGEST:
            raise Rejected(_too_long(self.name, whole[:LONGEST].decode(errors="ignore")), code="text-too-long")
        return storable(self.name, said)


def _too_long(name: str, beginning: str) -> str:
    return (
        f"Error during validating param '{name}' with value '{beginning}...'. "
        f"Error: 'feedback message is longer than {LONGEST} bytes'"
    )
