"""Reports of clusters: one as a user sees it, one of its hits, and several as they are stored."""

from __future__ import annotations

from typing import Any

from evistore.clusters import reports
from evistore.clusters.reports import Hit
from evistore.clusters.routes.answers import (
    Answer,
    Raw,
    details,
    missing,
    ok,
    raw_list,
    raw_object,
    seconds,
)
from evistore.clusters.routes.bodies import Object, texts
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.indent import indented
from evistore.clusters.routes.parameters import ANY_USER, CLUSTER, CLUSTERS, ORG, RULE_AND_KEY, USER, checked_clusters
from evistore.clusters.routes.schemas import INTEGER, MOMENT, STRING, UUID, answer, closed, listed, mapped
from evistore.clusters.routes.table import Operation
from evistore.clusters.scanner import is_json
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected

_CLUSTER = "organizations/{org_id}/clusters/{cluster}/users/{user_id}"
_LIST = Object({"clusters": {"type": ["array", "null"], "items": {"type": ["string", "null"]}}})
_FOREIGN = "Improper organization ID"


def report(tx: Transaction, call: Call) -> Answer:
    """The report of a cluster with all its hits."""
    found = reports.report(tx, call[ORG], call[CLUSTER], user_id=call[USER])
    if found is None:
        raise missing(call[ORG], call[CLUSTER])
    meta = {"cluster_name": "", "count": len(found.hits) or -1, "last_checked_at": seconds(found.last_checked_at)}
    if found.gathered_at is not None:
        meta["gathered_at"] = seconds(found.gathered_at)
    items = raw_list(raw_object(_item(one) | {"impacted": seconds(one.impacted_since)}) for one in found.hits)
    return ok(report=raw_object({"meta": meta, "reports": items}))


def hit(tx: Transaction, call: Call) -> Answer:
    """One hit of a cluster."""
    rule, key = call[RULE_AND_KEY]
    found = reports.hit(tx, call[ORG], call[CLUSTER], rule, key, user_id=call[USER])
    if found is None:
        raise missing(call[ORG], call[CLUSTER], rule, key)
    moment = seconds(found.disabled_at) if found.toggled else ""
    return ok(report=raw_object(_item(found) | {"disabled_at": moment}))


def _item(one: Hit) -> dict[str, Any]:
    return {
        "component": one.component,
        "key": one.key,
        "user_vote": one.user_vote,
        "disabled": one.disabled,
        "disable_feedback": one.disable_feedback,
        "disabled_at": seconds(one.disabled_at) if one.disabled_at else "",
        "details": details(one.template_data),
    }


def summary(tx: Transaction, call: Call) -> Answer:
    """When the report of a cluster was made and stored."""
    found = reports.summary(tx, call[ORG], call[CLUSTER])
    if found is None:
        raise missing(call[ORG], call[CLUSTER])
    moments = {"last_checked_at": seconds(found.last_checked_at), "stored_at": seconds(found.stored_at)}
    return ok(metainfo={"count": found.hits or -1} | moments)


def stored_by_path(tx: Transaction, call: Call) -> Answer:
    """Reports of the clusters in the path."""
    return _stored(tx, call[ORG], call[CLUSTERS])


def stored_by_body(tx: Transaction, call: Call) -> Answer:
    """Reports of the clusters in the body."""
    return _stored(tx, call[ORG], checked_clusters(texts(call.content(_LIST).get("clusters"))))


def _stored(tx: Transaction, org_id: int, clusters: list[str]) -> Answer:
    rows = reports.stored(tx, clusters) if clusters else []
    if any(row.org_id != org_id for row in rows):
        raise Rejected(_FOREIGN, code="foreign-cluster")
    found = {row.cluster: text for row in rows if is_json(text := row.report.encode())}
    members = {
        "clusters": [name for name in clusters if name in found] or None,
        "errors": [name for name in clusters if name not in found] or None,
        "reports": raw_object({name: Raw(found[name]) for name in sorted(found)}),
        "generated_at": "",
        "status": "ok",
    }
    return Answer(indented(raw_object(members).text))


_ITEM = {
    "component": STRING,
    "key": STRING,
    "user_vote": {"enum": [-1, 0, 1]},
    "disabled": {"type": "boolean", "description": "Whether the rule is disabled for this cluster."},
    "disable_feedback": {"type": "string", "description": "Why the user disabled it."},
    "disabled_at": {"type": "string", "description": "A moment, or empty."},
    "details": {"description": "What the rule told: JSON as it was sent; what is no JSON as base64."},
}
_COUNT = INTEGER | {"description": "Number of hits; -1 for none."}
_META = closed(cluster_name=STRING, count=_COUNT, last_checked_at=MOMENT, gathered_at=MOMENT)
_META["required"] = ["cluster_name", "count", "last_checked_at"]
_NO_REPORT = {404: ["Item with ID O/C was not found in the storage"]}
_STORED = closed(
    clusters=listed(UUID, or_null=True),
    errors=listed(UUID, or_null=True),
    reports=mapped({"description": "The report as it is stored."}),
    generated_at=STRING,
    status={"const": "ok"},
)
_STORED_DESCRIPTION = (
    "Clusters that are unknown, or whose report is no JSON, are among the errors. The text is indented with tabs."
)

OPERATIONS = [
    Operation(
        "get_report",
        "GET",
        f"{_CLUSTER}/report",
        report,
        "Report of a cluster",
        checks=[CLUSTER, USER, ORG],
        answer=answer(report=closed(meta=_META, reports=listed(closed(**_ITEM, impacted=MOMENT)))),
        faults=_NO_REPORT,
        options=True,
        description="Hits in order of component and key. The vote is the user's for this rule and key. `disabled_at` is when the user last said why.",
    ),
    Operation(
        "get_report_info",
        "GET",
        f"{_CLUSTER}/report/info",
        summary,
        "What is known about the report of a cluster",
        checks=[CLUSTER, ORG],
        later=[ANY_USER],
        answer=answer(metainfo=closed(count=_COUNT, last_checked_at=MOMENT, stored_at=MOMENT)),
        faults=_NO_REPORT,
        options=True,
    ),
    Operation(
        "get_hit",
        "GET",
        f"{_CLUSTER}/rules/{{rule_id}}",
        hit,
        "One hit of a cluster",
        checks=[CLUSTER, USER, ORG, RULE_AND_KEY],
        answer=answer(report=closed(**_ITEM)),
        faults={404: ["Item with ID O/C/R/K was not found in the storage"]},
        options=True,
        description="`disabled_at` is when the rule was disabled for the cluster, `0001-01-01T00:00:00Z` since it was enabled again.",
    ),
    Operation(
        "list_reports",
        "GET",
        "organizations/{org_id}/clusters/{clusters}/reports",
        stored_by_path,
        "Reports of several clusters",
        checks=[ORG, CLUSTERS],
        answer=_STORED,
        faults={400: [_FOREIGN]},
        description=_STORED_DESCRIPTION,
    ),
    Operation(
        "query_reports",
        "POST",
        "organizations/{org_id}/clusters/reports",
        stored_by_body,
        "Reports of several clusters",
        checks=[ORG],
        body=_LIST,
        answer=_STORED,
        faults={400: [_FOREIGN, *CLUSTERS.refusals]},
        description=_STORED_DESCRIPTION,
    ),
]
