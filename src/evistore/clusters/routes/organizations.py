"""Organisations and lists of their clusters."""

from __future__ import annotations

from datetime import timedelta

from evistore.clusters import organizations
from evistore.clusters.routes.answers import Answer, ok
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import ORGANIZATION
from evistore.clusters.routes.schemas import UUIDS, answer
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction


def operations(*, within: timedelta) -> list[Operation]:
    """The operations; clusters are listed if their report was stored *within* that time before now."""

    def clusters(tx: Transaction, call: Call) -> Answer:
        return ok(clusters=organizations.clusters(tx, call[ORGANIZATION], within=within))

    return [
        Operation(
            "list_organizations",
            "GET",
            "organizations",
            _organizations,
            "Organisations that have clusters",
            answer=answer(organizations={"type": "array", "items": {"type": "integer", "minimum": 0}}),
            debug=True,
        ),
        Operation(
            "list_clusters",
            "GET",
            "organizations/{organization}/clusters",
            clusters,
            "Clusters of an organisation",
            checks=[ORGANIZATION],
            answer=answer(clusters=UUIDS),
            description="Those whose newest report was stored within the last `EVISTORE_CLUSTERS_OVERVIEW_HOURS`.",
        ),
    ]


def _organizations(tx: Transaction, call: Call) -> Answer:
    found = organizations.organizations(tx)
    return ok(organizations=[one for one in found if call.caller is None or one == call.caller.org_id])
