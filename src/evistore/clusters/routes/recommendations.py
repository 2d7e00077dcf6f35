"""Recommendations: which cluster has which."""

from __future__ import annotations

from evistore.clusters import recommendations
from evistore.clusters.recommendations import Impacted
from evistore.clusters.routes.answers import NO_TIME, Answer, fraction, missing, ok
from evistore.clusters.routes.bodies import Object, Texts, texts
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import ORG, SELECTOR, USER
from evistore.clusters.routes.schemas import MOMENT, STRING, UUID, answer, closed, listed, mapped
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction

_SOME = Object({"clusters": {"type": ["array", "null"], "items": {"type": ["string", "null"]}}}, required=False)
_NAMES = Texts()


def known(names: list[str]) -> list[str]:
    """The *names*, without those that no cluster can have."""
    return [name for name in names if "\0" not in name]


def impacted(tx: Transaction, call: Call) -> Answer:
    """Clusters that have a recommendation."""
    names = texts(call.content(_SOME).get("clusters"))
    wanted = known(names) if names else None
    found = recommendations.impacted(tx, call[ORG], call[SELECTOR], clusters=wanted)
    if not found:
        raise missing(call[SELECTOR])
    return ok(clusters=[_impacted(one) for one in found])


def _impacted(one: Impacted) -> dict[str, object]:
    return {
        "cluster": one.cluster,
        "cluster_name": "",
        "last_checked_at": one.last_checked_at or NO_TIME,
        "impacted": one.impacted_since or "",
        "meta": {"cluster_version": one.version},
    }


def by_recommendation(tx: Transaction, call: Call) -> Answer:
    """Recommendations of some clusters, with the clusters of each."""
    found = recommendations.clusters_by_recommendation(tx, call[ORG], known(call.content(_NAMES)))
    return ok(recommendations={one.recommendation: one.clusters for one in found})


def by_cluster(tx: Transaction, call: Call) -> Answer:
    """Some clusters, with the recommendations of each."""
    found = recommendations.recommendations_by_cluster(tx, call[ORG], known(call.content(_NAMES)))
    return ok(
        clusters={
            one.cluster: {
                "created_at": fraction(one.last_checked_at),
                "meta": {"cluster_version": one.version},
                "recommendations": one.recommendations,
            }
            for one in found
        }
    )


_VERSION = closed(cluster_version=STRING)
_SELECTOR_STRING = STRING | {"description": "`rule|KEY`, the rule without its `.report`."}

OPERATIONS = [
    Operation(
        "list_impacted_clusters",
        "GET",
        "rules/{rule_selector}/organizations/{org_id}/users/{user_id}/clusters_detail",
        impacted,
        "Clusters that have a recommendation",
        checks=[ORG, SELECTOR, USER],
        body=_SOME,
        answer=answer(
            clusters=listed(
                closed(
                    cluster=UUID,
                    cluster_name=STRING,
                    last_checked_at=MOMENT | {"description": "When its newest report was stored."},
                    impacted=STRING | {"description": "Since when, or empty."},
                    meta=_VERSION,
                )
            )
        ),
        faults={404: ["Item with ID V was not found in the storage"]},
        description="By cluster. The body of the GET, if there is one, names the only clusters that are wanted; an empty list names all.",
    ),
    Operation(
        "query_recommendations",
        "POST",
        "recommendations/organizations/{org_id}/users/{user_id}/list",
        by_recommendation,
        "Recommendations of some clusters, with the clusters of each",
        checks=[ORG, USER],
        body=_NAMES,
        answer=answer(recommendations=mapped(listed(UUID))),
        options=True,
    ),
    Operation(
        "query_clusters",
        "POST",
        "clusters/organizations/{org_id}/users/{user_id}/recommendations",
        by_cluster,
        "Some clusters, with the recommendations of each",
        checks=[ORG, USER],
        body=_NAMES,
        answer=answer(
            clusters=mapped(closed(created_at=MOMENT, meta=_VERSION, recommendations=listed(_SELECTOR_STRING)))
        ),
        options=True,
        description="Clusters without a report are left out. `created_at` is `LastChecked` of the report, with its fraction of a second.",
    ),
]
