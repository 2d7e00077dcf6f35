"""What users say about hits of a cluster: votes, and why they disabled a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evistore.clusters import feedback
from evistore.clusters.feedback import Reason, Vote
from evistore.clusters.routes.answers import Answer, missing, nullable, ok
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import CLUSTER, KEY, ORG, RULE, USER
from evistore.clusters.routes.schemas import NULL_TIME, STRING, UUID, answer, closed, listed
from evistore.clusters.routes.settling import FAULTS, Words, asking, check, of_known_cluster
from evistore.clusters.routes.table import Handler, Operation
from evistore.kernel.database import Transaction

OPTIONAL = Words("message", required=False)
REQUIRED = Words("message")
_HIT = "clusters/{cluster}/rules/{rule_id}/error_key/{error_key}"
_REASON = closed(ClusterID=UUID, RuleID=STRING, ErrorKey=STRING, Message=STRING, AddedAt=NULL_TIME, UpdatedAt=NULL_TIME)


def _voting(name: str, vote: Vote, summary: str) -> Operation:
    return Operation(
        name,
        "PUT",
        f"{_HIT}/organizations/{{org_id}}/users/{{user_id}}/{name}",
        _voter(vote),
        summary,
        checks=[CLUSTER, RULE, KEY],
        later=[USER, ORG],
        body=OPTIONAL,
        answer=answer(),
        faults=FAULTS,
        writes=True,
        options=True,
    )


def _voter(vote: Vote) -> Handler:
    def handler(tx: Transaction, call: Call) -> Answer:
        user, org_id, message = _told(tx, call, OPTIONAL)
        settled = feedback.vote(
            tx,
            call[RULE],
            call[KEY],
            vote,
            cluster=call[CLUSTER],
            user=user,
            org_id=org_id,
            message=message,
            caller=asking(call),
        )
        check(settled, call)
        return ok()

    return handler


def _explain(tx: Transaction, call: Call) -> Answer:
    user, org_id, message = _told(tx, call, REQUIRED)
    settled = feedback.explain(
        tx,
        call[RULE],
        call[KEY],
        message,
        cluster=call[CLUSTER],
        user=user,
        org_id=org_id,
        caller=asking(call),
    )
    check(settled, call)
    return ok(message=message)


def _told(tx: Transaction, call: Call, words: Words) -> tuple[str, int, str]:
    """User, organisation and message of the call; faults in the order that clients know."""
    with of_known_cluster(tx, call):
        user, org_id = call[USER], call[ORG]
    with of_known_cluster(tx, call, owned=True):
        call.permit(org_id)
        return user, org_id, call.content(words)


def _get_vote(tx: Transaction, call: Call) -> Answer:
    with of_known_cluster(tx, call):
        user = call[USER]
    found = feedback.opinion(tx, call[RULE], call[KEY], cluster=call[CLUSTER], user=user)
    if found is None:
        raise missing(call[CLUSTER])
    call.permit(found.owner)
    if found.vote is None:
        raise missing(call[CLUSTER], call[RULE], user)
    return ok(vote=found.vote)


def _reasons(tx: Transaction, call: Call) -> Answer:
    return ok(reasons=[_reason(one) for one in feedback.reasons(tx, call[USER], org_id=asking(call))])


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "ClusterID": one.cluster_id,
        "RuleID": one.rule_id,
        "ErrorKey": one.error_key,
        "Message": one.message,
        "AddedAt": nullable(one.added_at),
        "UpdatedAt": nullable(one.updated_at),
    }


OPERATIONS: Sequence[Operation] = [
    _voting("like", Vote.LIKE, "Like a hit"),
    _voting("dislike", Vote.DISLIKE, "Dislike a hit"),
    _voting("reset_vote", Vote.NONE, "Take a vote back"),
    Operation(
        "get_vote",
        "GET",
        f"{_HIT}/users/{{user_id}}/get_vote",
        _get_vote,
        "How a user voted on a hit",
        checks=[CLUSTER, RULE, KEY],
        later=[USER],
        answer=answer(vote={"enum": [1, 0, -1]}),
        faults=FAULTS | {404: (*FAULTS[404], "Item with ID C/R/U was not found in the storage")},
        debug=True,
    ),
    Operation(
        "disable_feedback",
        "POST",
        f"{_HIT}/organizations/{{org_id}}/users/{{user_id}}/disable_feedback",
        _explain,
        "Say why a rule is disabled for a cluster",
        checks=[CLUSTER, RULE, KEY],
        later=[USER, ORG],
        body=REQUIRED,
        answer=answer(message=STRING),
        faults=FAULTS,
        writes=True,
    ),
    Operation(
        "list_disable_feedback",
        "GET",
        "rules/users/{user_id}/disabled/feedback",
        _reasons,
        "Why a user disabled rules",
        checks=[USER],
        answer=answer(reasons=listed(_REASON)),
        description="The latest first; where callers say who they are, those for clusters of their organisation.",
    ),
]
