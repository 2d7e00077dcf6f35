"""Workloads that are recommended to change: by namespace, and one namespace with what is said of each of its objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import orjson

from evistore.clusters.scanner import first_value
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "workloads")


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace of a cluster. Moments are UTC without zone."""

    cluster: str
    namespace_id: str
    name: str
    """Empty if it was not told."""
    recommendations: int
    objects: int
    reported_at: datetime | None
    """When it came up first."""
    last_checked_at: datetime | None
    hits: str
    """Workloads by recommendation, as JSON."""
    report: str = ""
    """The whole report of the cluster, as it is stored; not in lists."""

    @property
    def hit_counts(self) -> Mapping[str, int]:
        """Workloads by recommendation, in order."""
        return dict(sorted(orjson.loads(self.hits).items()))


@dataclass(frozen=True, slots=True)
class Workload:
    """An object that is recommended to change."""

    kind: str
    uid: str
    name: str


@dataclass(frozen=True, slots=True)
class Check:
    """A recommendation for some workloads of a namespace."""

    check: str
    """``rule|KEY``, the rule without its ``.recommendation``."""
    details: Any
    workloads: Sequence[Workload]


def namespaces(tx: Transaction, org_id: int, *, clusters: Sequence[str] | None = None) -> list[Namespace]:
    """The namespaces of the organisation by cluster; with *clusters* only theirs."""
    wanted = None if clusters is None else list(clusters)
    return tx.all(Namespace, SQL["namespaces"], org_id=org_id, clusters=wanted)


def namespace(tx: Transaction, org_id: int, cluster: str, namespace_id: str) -> Namespace | None:
    """The namespace with its report; ``None`` if nothing is recommended there."""
    return tx.maybe(Namespace, SQL["namespace"], org_id=org_id, cluster=cluster, namespace_id=namespace_id)


def checks(one: Namespace) -> list[Check]:
    """What the report says about the namespace, in its order."""
    found = [_check(item, one.namespace_id) for item in _objects(_report(one.report).get("workload_recommendations"))]
    return [check for check in found if check.workloads]


def _check(item: Mapping[str, Any], namespace_id: str) -> Check:
    component = _text(item, "component").removesuffix(".recommendation")
    workloads = [
        Workload(_text(one, "kind"), _text(one, "uid"), _text(one, "name"))
        for one in _objects(item.get("workloads"))
        if one.get("namespace_uid", "") == namespace_id
    ]
    return Check(f"{component}|{_text(item, 'key')}", item.get("details"), workloads)


def _report(text: str) -> Mapping[str, Any]:
    """The report: JSON, or a JSON string that holds it, or what stands between the quotes of such a string."""
    for spelling in (text, f'"{text}"'):
        value = _value(spelling)
        if isinstance(value, str):
            value = _value(value)
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
    return {}


def _value(text: str) -> Any:
    try:
        return first_value(text.encode())
    except Rejected:
        return None


def _objects(value: Any) -> list[Mapping[str, Any]]:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", one) for one in items if isinstance(one, dict)]


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
