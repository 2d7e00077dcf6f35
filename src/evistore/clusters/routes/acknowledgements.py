"""Rules that an organisation acknowledges, which disables them for all its clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evistore.clusters import acknowledgements
from evistore.clusters.acknowledgements import Acknowledgement
from evistore.clusters.routes.answers import Answer, nullable, ok
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import KEY, ORG, RULE
from evistore.clusters.routes.schemas import INTEGER, NULL_TIME, STRING, answer, closed, listed
from evistore.clusters.routes.settling import Words, actor
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound

JUSTIFICATION = Words("justification")
NOT_DISABLED = "Rule was not disabled"
_PATH = "rules/{rule_id}/error_key/{error_key}/organizations/{org_id}/"
_DISABLED = closed(
    org_id=INTEGER,
    user_id={"const": ""},
    rule_id=STRING,
    error_key=STRING,
    justification=STRING,
    created_at=NULL_TIME,
    updated_at=NULL_TIME,
)


def _acknowledge(tx: Transaction, call: Call) -> Answer:
    said = call.content(JUSTIFICATION)
    acknowledgements.acknowledge(tx, call[RULE], call[KEY], said, org_id=call[ORG], actor=actor(call))
    return ok(justification=said)


def _update(tx: Transaction, call: Call) -> Answer:
    said = call.content(JUSTIFICATION)
    acknowledgements.update(tx, call[RULE], call[KEY], said, org_id=call[ORG], actor=actor(call))
    return ok(justification=said)


def _withdraw(tx: Transaction, call: Call) -> Answer:
    acknowledgements.withdraw(tx, call[RULE], call[KEY], org_id=call[ORG], actor=actor(call))
    return ok(status="rule enabled")


def _one(tx: Transaction, call: Call) -> Answer:
    found = acknowledgements.one(tx, call[RULE], call[KEY], org_id=call[ORG])
    if found is None:
        raise NotFound(NOT_DISABLED, code="not-found")
    return ok(disabledRule=_told(found, call[ORG]))


def _list(tx: Transaction, call: Call) -> Answer:
    found = acknowledgements.acknowledgements(tx, call[ORG])
    return ok(disabledRules=[_told(one, call[ORG]) for one in found])


def _told(one: Acknowledgement, org_id: int) -> dict[str, Any]:
    return {
        "org_id": org_id,
        "user_id": "",
        "rule_id": one.rule_id,
        "error_key": one.error_key,
        "justification": one.justification,
        "created_at": nullable(one.created_at),
        "updated_at": nullable(one.updated_at),
    }


OPERATIONS: Sequence[Operation] = [
    Operation(
        "acknowledge",
        "PUT",
        f"{_PATH}disable",
        _acknowledge,
        "Acknowledge a rule",
        checks=[RULE, KEY, ORG],
        body=JUSTIFICATION,
        answer=answer(justification=STRING),
        writes=True,
        options=True,
        description="Said again, the justification and the time are the new ones.",
    ),
    Operation(
        "withdraw_acknowledgement",
        "PUT",
        f"{_PATH}enable",
        _withdraw,
        "Take an acknowledgement back",
        checks=[RULE, KEY, ORG],
        answer=answer(status={"const": "rule enabled"}),
        writes=True,
        options=True,
        description="The answer is the same when there was none.",
    ),
    Operation(
        "update_acknowledgement",
        "POST",
        f"{_PATH}update",
        _update,
        "Give an acknowledgement another justification",
        checks=[RULE, KEY, ORG],
        body=JUSTIFICATION,
        answer=answer(justification=STRING),
        writes=True,
        options=True,
        description="The answer is the same when there is none, and then nothing changes.",
    ),
    Operation(
        "get_acknowledgement",
        "GET",
        _PATH,
        _one,
        "The acknowledgement of a rule",
        checks=[RULE, KEY, ORG],
        answer=answer(disabledRule=_DISABLED),
        faults={404: (NOT_DISABLED,)},
    ),
    Operation(
        "list_acknowledgements",
        "GET",
        "rules/organizations/{org_id}/disabled_system_wide",
        _list,
        "What an organisation has acknowledged",
        checks=[ORG],
        answer=answer(disabledRules=listed(_DISABLED)),
    ),
]
