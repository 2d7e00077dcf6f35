"""Workloads that are recommended to change."""

from __future__ import annotations

from typing import Any

from evistore.clusters import workloads
from evistore.clusters.routes.answers import Answer, missing, ok, seconds
from evistore.clusters.routes.bodies import Texts
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import CLUSTER, NAMESPACE, ORG
from evistore.clusters.routes.recommendations import known
from evistore.clusters.routes.schemas import INTEGER, MOMENT, STRING, UUID, answer, closed, listed, mapped
from evistore.clusters.routes.table import Operation
from evistore.clusters.workloads import Check, Namespace
from evistore.kernel.database import Transaction

_NAMES = Texts()


def namespaces(tx: Transaction, call: Call) -> Answer:
    """All namespaces of an organisation."""
    return _listed(workloads.namespaces(tx, call[ORG]))


def namespaces_of(tx: Transaction, call: Call) -> Answer:
    """Namespaces of some clusters."""
    names = call.content(_NAMES)
    return _listed(workloads.namespaces(tx, call[ORG], clusters=known(names))) if names else ok(workloads=[])


def _listed(found: list[Namespace]) -> Answer:
    return ok(workloads=[_head(one) | {"recommendations_hit_count": one.hit_counts} for one in found] or None)


def namespace(tx: Transaction, call: Call) -> Answer:
    """One namespace."""
    found = workloads.namespace(tx, call[ORG], call[CLUSTER], call[NAMESPACE])
    if found is None:
        raise missing(call[ORG], call[CLUSTER], call[NAMESPACE], sign=":")
    checks = [_check(one) for one in workloads.checks(found)]
    return ok(workloads={"status": ""} | _head(found) | {"recommendations": checks})


def _head(one: Namespace) -> dict[str, Any]:
    return {
        "cluster": {"uuid": one.cluster, "display_name": ""},
        "namespace": {"uuid": one.namespace_id, "name": one.name},
        "metadata": {
            "recommendations": one.recommendations,
            "objects": one.objects,
            "reported_at": seconds(one.reported_at),
            "last_checked_at": seconds(one.last_checked_at),
            "highest_severity": 0,
            "hits_by_severity": None,
        },
    }


def _check(one: Check) -> dict[str, Any]:
    return {
        "check": one.check,
        "details": "",
        "resolution": "",
        "modified": "",
        "more_info": "",
        "extra_data": one.details,
        "objects": [{"kind": each.kind, "uid": each.uid, "display_name": each.name} for each in one.workloads],
    }


_METADATA = closed(
    recommendations=INTEGER,
    objects=INTEGER | {"description": "Different workloads."},
    reported_at=MOMENT | {"description": "When the namespace came up first."},
    last_checked_at=MOMENT,
    highest_severity={"const": 0},
    hits_by_severity={"type": "null"},
)
_HEAD: dict[str, Any] = {
    "cluster": closed(uuid=UUID, display_name=STRING),
    "namespace": closed(uuid=STRING, name=STRING),
    "metadata": _METADATA,
}
_CHECK = closed(
    check=STRING | {"description": "`rule|KEY`, the rule without its `.recommendation`."},
    details=STRING,
    resolution=STRING,
    modified=STRING,
    more_info=STRING,
    extra_data={"description": "What the rule told."},
    objects=listed(closed(kind=STRING, uid=STRING, display_name=STRING)),
)
_LISTED = answer(workloads=listed(closed(**_HEAD, recommendations_hit_count=mapped(INTEGER)), or_null=True))
_PATH = "organization/{org_id}/workloads"

OPERATIONS = [
    Operation(
        "list_workloads",
        "GET",
        _PATH,
        namespaces,
        "Namespaces whose workloads are recommended to change",
        checks=[ORG],
        answer=_LISTED,
        description="By cluster and namespace; null if there are none.",
    ),
    Operation(
        "query_workloads",
        "POST",
        _PATH,
        namespaces_of,
        "Namespaces of some clusters whose workloads are recommended to change",
        checks=[ORG],
        body=_NAMES,
        answer=_LISTED,
        description="By cluster and namespace; null if there are none, an empty list if no cluster is named.",
    ),
    Operation(
        "get_workloads",
        "GET",
        "organization/{org_id}/namespace/{namespace}/cluster/{cluster}/workloads",
        namespace,
        "What is recommended for the workloads of a namespace",
        checks=[ORG, CLUSTER, NAMESPACE],
        answer=answer(workloads=closed(status={"const": ""}, **_HEAD, recommendations=listed(_CHECK))),
        faults={404: ["Item with ID O:C:N was not found in the storage"]},
    ),
]
