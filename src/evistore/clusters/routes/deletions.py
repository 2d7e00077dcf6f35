"""Debugging: clusters and organisations that go with all that hangs on them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evistore.clusters import deletions
from evistore.clusters.routes.answers import Answer, ok
from evistore.clusters.routes.call import Call, Parameter
from evistore.clusters.routes.parameters import CLUSTER, unfit
from evistore.clusters.routes.schemas import answer
from evistore.clusters.routes.settling import NOT_YOURS, asking, check
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction

_NUMBERS = re.compile(r"[0-9]+(,[0-9]+)*")
_NO_NUMBERS = "integer array expected"
_MOST = 2**64


def _organizations(text: str) -> list[int]:
    # Longer ones are no numbers of 64 bits, whatever they begin with.
    found = [int(one[-40:]) for one in text.split(",")] if _NUMBERS.fullmatch(text) else [_MOST]
    if any(one >= _MOST for one in found):
        raise unfit("organizations", text, _NO_NUMBERS)
    return found


def _clusters(text: str) -> list[str]:
    return [CLUSTER.read(one) for one in text.split(",")]


ORGANIZATIONS = Parameter(
    "organizations",
    _organizations,
    "Organisations, separated by commas.",
    "^[0-9]+(,[0-9]+)*$",
    "1,2",
    (unfit("organizations", "V", _NO_NUMBERS).message,),
)
CLUSTERS = Parameter(
    "clusters", _clusters, "Clusters, separated by commas.", "^[^/]+$", CLUSTER.example, CLUSTER.refusals
)


def _delete_organizations(tx: Transaction, call: Call) -> Answer:
    for org_id in call[ORGANIZATIONS]:
        call.permit(org_id)
    deletions.delete_organizations(tx, [one for one in call[ORGANIZATIONS] if one < 2**32])
    return ok()


def _delete_clusters(tx: Transaction, call: Call) -> Answer:
    check(deletions.delete_clusters(tx, call[CLUSTERS], caller=asking(call)), call)
    return ok()


OPERATIONS: Sequence[Operation] = [
    Operation(
        "delete_organizations",
        "DELETE",
        "organizations/{organizations}",
        _delete_organizations,
        "Delete organisations with all that is known of them and of their clusters",
        checks=[ORGANIZATIONS],
        answer=answer(),
        faults={403: (NOT_YOURS,)},
        writes=True,
        debug=True,
    ),
    Operation(
        "delete_clusters",
        "DELETE",
        "clusters/{clusters}",
        _delete_clusters,
        "Delete clusters with all that is known of them",
        checks=[CLUSTERS],
        answer=answer(),
        faults={403: (NOT_YOURS,)},
        writes=True,
        debug=True,
    ),
]
