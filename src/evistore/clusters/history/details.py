"""What a hit tells in detail: JSON objects as text, with the objects of the cluster it was found on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

import orjson

from evistore.clusters.history.rules import Rule, Shape

Object = dict[str, object]

_OPERATORS: Final = (
    "authentication",
    "console",
    "dns",
    "etcd",
    "image-registry",
    "ingress",
    "insights",
    "machine-config",
    "monitoring",
    "network",
)
_REASONS: Final = (
    "SyncLoopError",
    "ProgressDeadlineExceeded",
    "NotAllReplicasReady",
    "RouteUnreachable",
    "QuorumAtRisk",
    "ConfigDrift",
)
_ALERTS: Final = (
    "TargetDown",
    "QueueGrows",
    "QuotaAlmostUsed",
    "ReplicasMismatch",
    "ErrorBudgetBurns",
    "OldApiRequested",
    "PortUnreachable",
)
_APPLICATIONS: Final = (
    "ledger",
    "cart",
    "search",
    "mail",
    "batch",
    "gateway",
    "reports",
    "sync",
    "portal",
    "inventory",
)
_VALUES: Final = (
    "unset",
    "disabled",
    "Removed",
    "emptyDir",
    "legacy",
    "0.0.0.0/0",
    "<b>Wartung läuft</b> & mehr",
    "unbounded",
)
_DAYS: Final = tuple(f"2027-{month:02d}-{day:02d}T00:00:00Z" for month in (1, 4, 9) for day in (3, 11, 27))


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is on a cluster to be found at fault."""

    nodes: tuple[str, ...]
    namespaces: tuple[str, ...]


def details(rule: Rule, ground: Ground, chance: Random) -> str:
    """The details of a hit of *rule*, some 400 to 900 bytes of JSON."""
    told: Object = {"type": "rule", "error_key": rule.key, "checked": rule.name.replace("_", " ")}
    told |= _SHAPES[rule.shape](ground, chance)
    told["documentation"] = f"https://docs.example.com/advice/{rule.group}/{rule.name.replace('_', '-')}"
    return orjson.dumps(told).decode()


def _some(chance: Random, most: int) -> int:
    return 1 + int(chance.random() * most)


def _nodes(ground: Ground, chance: Random) -> Object:
    found = chance.sample(ground.nodes, min(_some(chance, 4), len(ground.nodes)))
    return {
        "nodes": [
            {
                "name": name,
                "role": "master" if name.startswith("master") else "worker",
                "value": round(chance.uniform(0.5, 99), 2),
                "limit": 80,
                "conditions": ["Ready", chance.choice(_REASONS)],
                "uptime": f"{_some(chance, 90)} days",
            }
            for name in found
        ],
        "nodes_total": len(ground.nodes),
    }


def _operators(_: Ground, chance: Random) -> Object:
    return {
        "operators": [
            {
                "name": name,
                "condition": "Degraded",
                "reason": chance.choice(_REASONS),
                "message": f"{name} has not reported ready for {_some(chance, 90)} minutes, {_some(chance, 3)} of 3 replicas wait",
            }
            for name in chance.sample(_OPERATORS, _some(chance, 3))
        ]
    }


def _certificates(ground: Ground, chance: Random) -> Object:
    return {
        "certificates": [
            {
                "namespace": chance.choice(ground.namespaces),
                "secret": f"{chance.choice(_APPLICATIONS)}-tls",
                "expires": chance.choice(_DAYS),
                "issuer": "CN=Example Issuing CA,O=Example",
                "dns_names": [f"*.apps.{chance.choice(_APPLICATIONS)}.example.com"],
            }
            for _ in range(_some(chance, 3))
        ]
    }


def _pods(ground: Ground, chance: Random) -> Object:
    return {
        "pods": [
            {
                "namespace": chance.choice(ground.namespaces),
                "name": f"{chance.choice(_APPLICATIONS)}-{chance.getrandbits(32):08x}-{chance.getrandbits(20):05x}",
                "container": "main",
                "restarts": _some(chance, 400),
                "last_state": {"reason": "Error", "exit_code": chance.choice((1, 2, 137, 143))},
            }
            for _ in range(_some(chance, 4))
        ]
    }


def _setting(ground: Ground, chance: Random) -> Object:
    return {
        "resource": f"config.example.com/{chance.choice(_APPLICATIONS)}",
        "namespace": chance.choice(ground.namespaces),
        "path": "/spec/"
        + "/".join(chance.sample(("storage", "policy", "managementState", "defaults", "receivers", "tls"), 2)),
        "found": chance.choice(_VALUES),
        "advised": "see the documentation",
        "changed_by": f"admin-{_some(chance, 9)}@example.com",
    }


def _package(ground: Ground, chance: Random) -> Object:
    patch = _some(chance, 40)
    return {
        "package": chance.choice(("kernel-core", "container-runtime", "network-overlay", "boot-firmware")),
        "installed": f"5.14.0-{300 + patch}.{_some(chance, 60)}.1",
        "good_from": f"5.14.0-{341 + patch}.9.1",
        "nodes": list(ground.nodes[: _some(chance, 6)]),
        "ticket": f"https://issues.example.com/FLEET-{1000 + chance.getrandbits(12)}",
    }


def _claims(ground: Ground, chance: Random) -> Object:
    return {
        "claims": [
            {
                "namespace": chance.choice(ground.namespaces),
                "name": f"data-{chance.choice(_APPLICATIONS)}-{_some(chance, 3)}",
                "capacity": f"{10 * _some(chance, 50)}Gi",
                "used_percent": 70 + _some(chance, 30),
                "storage_class": chance.choice(("fast", "standard", "archive")),
            }
            for _ in range(_some(chance, 4))
        ]
    }


def _alerts(ground: Ground, chance: Random) -> Object:
    return {
        "alerts": [
            {
                "name": name,
                "namespace": chance.choice(ground.namespaces),
                "severity": chance.choice(("warning", "critical", "info")),
                "firing_for": f"{_some(chance, 60)} days {_some(chance, 23)} hours",
                "labels": {"service": chance.choice(_APPLICATIONS), "endpoint": "metrics"},
            }
            for name in chance.sample(_ALERTS, _some(chance, 3))
        ]
    }


_SHAPES: Final[dict[Shape, Callable[[Ground, Random], Object]]] = {
    "nodes": _nodes,
    "operators": _operators,
    "certificates": _certificates,
    "pods": _pods,
    "setting": _setting,
    "package": _package,
    "claims": _claims,
    "alerts": _alerts,
}
