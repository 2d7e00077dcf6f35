"""Rules that are disabled for single clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evistore.clusters import toggles
from evistore.clusters.routes.answers import Answer, fraction, nullable, ok
from evistore.clusters.routes.bodies import Texts
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import CLUSTER, KEY, ORG, RULE
from evistore.clusters.routes.schemas import MOMENT, NULL_TIME, STRING, UUID, answer, closed, listed
from evistore.clusters.routes.settling import FAULTS, actor, asking, check, of_known_cluster
from evistore.clusters.routes.table import Operation
from evistore.clusters.settled import Settled
from evistore.clusters.toggles import Disabled, Toggle
from evistore.kernel.database import Transaction

FILTER = Texts()
_TOGGLE = closed(
    ClusterID=UUID,
    RuleID=STRING,
    ErrorKey=STRING,
    Disabled={"const": 1},
    DisabledAt=NULL_TIME,
    EnabledAt=NULL_TIME,
    UpdatedAt=NULL_TIME,
)
_CLUSTER = closed(cluster_id=UUID, cluster_name={"const": ""}, disabled_at=MOMENT, justification=STRING)


def _switching(name: str, switch: Callable[..., Settled], summary: str) -> Operation:
    def handler(tx: Transaction, call: Call) -> Answer:
        with of_known_cluster(tx, call, owned=True):
            org_id = call[ORG]
            call.permit(org_id)
        settled = switch(
            tx,
            call[RULE],
            call[KEY],
            cluster=call[CLUSTER],
            org_id=org_id,
            caller=asking(call),
            actor=actor(call),
        )
        check(settled, call)
        return ok()

    return Operation(
        f"{name}_for_cluster",
        "PUT",
        f"clusters/{{cluster}}/rules/{{rule_id}}/error_key/{{error_key}}/organizations/{{org_id}}/{name}",
        handler,
        summary,
        checks=[CLUSTER, RULE, KEY],
        later=[ORG],
        answer=answer(),
        faults=FAULTS,
        writes=True,
        options=True,
        description="Whether the rule hits the cluster does not matter.",
    )


def _disabled(tx: Transaction, call: Call) -> Answer:
    return ok(rules=[_toggle(one) for one in toggles.disabled(tx, call[ORG])])


def _disabled_for_clusters(tx: Transaction, call: Call) -> Answer:
    # No cluster has a NUL in its name, and PostgreSQL would refuse to look for one.
    wanted = [cluster for cluster in call.content(FILTER) if "\0" not in cluster]
    return ok(rules=[_toggle(one) for one in toggles.disabled(tx, call[ORG], clusters=wanted)])


def _clusters(tx: Transaction, call: Call) -> Answer:
    found = toggles.clusters_of_rule(tx, call[RULE], call[KEY], org_id=call[ORG])
    return ok(clusters=[_cluster(one) for one in found] or None)


def _toggle(one: Toggle) -> dict[str, Any]:
    return {
        "ClusterID": one.cluster_id,
        "RuleID": one.rule_id,
        "ErrorKey": one.error_key,
        "Disabled": one.disabled,
        "DisabledAt": nullable(one.disabled_at),
        "EnabledAt": nullable(one.enabled_at),
        "UpdatedAt": nullable(one.updated_at),
    }


def _cluster(one: Disabled) -> dict[str, Any]:
    return {
        "cluster_id": one.cluster_id,
        "cluster_name": "",
        "disabled_at": fraction(one.disabled_at),
        "justification": one.justification,
    }


OPERATIONS: Sequence[Operation] = [
    _switching("disable", toggles.disable, "Disable a rule for a cluster"),
    _switching("enable", toggles.enable, "Enable a rule for a cluster again"),
    Operation(
        "list_disabled",
        "GET",
        "rules/organizations/{org_id}/disabled",
        _disabled,
        "Rules that are disabled for clusters of an organisation",
        checks=[ORG],
        answer=answer(rules=listed(_TOGGLE)),
    ),
    Operation(
        "list_disabled_for_clusters",
        "POST",
        "rules/organizations/{org_id}/disabled_for_clusters",
        _disabled_for_clusters,
        "Rules that are disabled for some clusters of an organisation",
        checks=[ORG],
        body=FILTER,
        answer=answer(rules=listed(_TOGGLE)),
        options=True,
    ),
    Operation(
        "list_clusters_with_disabled",
        "GET",
        "clusters/rules/{rule_id}/error_key/{error_key}/organizations/{org_id}/disabled",
        _clusters,
        "Clusters of an organisation for which a rule is disabled",
        checks=[RULE, KEY, ORG],
        answer=answer(clusters=listed(_CLUSTER, or_null=True)),
        description="The latest first, each with the last reason that a user gave.",
    ),
]
