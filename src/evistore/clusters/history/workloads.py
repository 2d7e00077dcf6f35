"""Workloads that a validation operator recommends to change, namespace by namespace."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final
from uuid import UUID

import orjson

from evistore.clusters.history.details import Object
from evistore.clusters.history.fleet import Cluster

_CHECKS: Final = (
    ("minimum_replicas", "MINIMUM_REPLICAS"),
    ("no_liveness_probe", "NO_LIVENESS_PROBE"),
    ("no_readiness_probe", "NO_READINESS_PROBE"),
    ("unset_cpu_requirements", "UNSET_CPU_REQUIREMENTS"),
    ("unset_memory_requirements", "UNSET_MEMORY_REQUIREMENTS"),
    ("no_anti_affinity", "NO_ANTI_AFFINITY"),
    ("host_network", "HOST_NETWORK"),
    ("run_as_root", "RUN_AS_ROOT"),
    ("privilege_escalation", "PRIVILEGE_ESCALATION"),
    ("latest_tag", "LATEST_TAG"),
    ("dangling_service", "DANGLING_SERVICE"),
    ("budget_too_strict", "BUDGET_TOO_STRICT"),
)
_KINDS: Final = ("Deployment", "Deployment", "StatefulSet", "DaemonSet", "Pod", "Service")
_APPLICATIONS: Final = ("ledger", "cart", "search", "mail", "batch", "gateway", "reports", "sync", "portal", "stock")


def recommended(cluster: Cluster) -> str:
    """The body of a message: one to six recommendations, or none at all."""
    chance = cluster.chance
    spaces = cluster.ground.namespaces
    found = [] if chance.random() < 0.03 else chance.sample(_CHECKS, 1 + int(chance.random() * 6))  # noqa: PLR2004
    items: list[Object] = [
        {
            "response_id": f"{name}|{key}",
            "component": f"ccx_rules_fleet.workloads.{name}.recommendation",
            "key": key,
            "details": {"check": name.replace("_", "-"), "samples": []},
            "tags": ["workloads"],
            "links": {"product_documentation": [f"https://docs.example.com/workloads/{name.replace('_', '-')}"]},
            "workloads": [_workload(cluster, chance.choice(spaces)) for _ in range(1 + int(chance.random() * 5))],
        }
        for name, key in found
    ]
    return orjson.dumps(
        {
            "system": {"metadata": {}, "hostname": None},
            "fingerprints": [],
            "version": 1,
            "analysis_metadata": {},
            "workload_recommendations": items,
        }
    ).decode()


def _workload(cluster: Cluster, space: str) -> dict[str, str]:
    kind = cluster.chance.choice(_KINDS)
    name = f"{cluster.chance.choice(_APPLICATIONS)}-{cluster.chance.randrange(4)}"
    return {
        "namespace": space,
        "namespace_uid": _uid(cluster, space),
        "kind": kind,
        "name": name,
        "uid": _uid(cluster, f"{space}/{kind}/{name}"),
    }


def _uid(cluster: Cluster, thing: str) -> str:
    """Always the same for the same thing of the same cluster."""
    digest = blake2b(f"{cluster.name}/{thing}".encode(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))
