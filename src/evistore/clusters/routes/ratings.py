"""What organisations think of recommendations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evistore.clusters import ratings
from evistore.clusters.ratings import HIGHEST, LOWEST
from evistore.clusters.routes.answers import Answer, missing, ok
from evistore.clusters.routes.bodies import BAD_TYPE, BROKEN, MISSING, Object, integer, text
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.parameters import ORG, SELECTOR, rule_and_key
from evistore.clusters.routes.schemas import STRING, answer, closed
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected

_NUMBER = {"type": "integer", "minimum": LOWEST, "maximum": HIGHEST}
_RATING = closed(rule=STRING, rating=_NUMBER)


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it was sent."""

    rule: str
    error_key: str
    rating: int

    @property
    def told(self) -> dict[str, Any]:
        """It, as it is answered."""
        return {"rule": f"{self.rule}|{self.error_key}", "rating": self.rating}


@dataclass(frozen=True, slots=True)
class RatingBody:
    """A body that holds a rating."""

    required: bool = True
    refusals: tuple[str, ...] = (
        MISSING,
        BAD_TYPE,
        BROKEN,
        "Error during validating param 'rule' with value 'V'. Error: 'T'",
        "Error during validating param 'rating' with value 'V'. Error: 'T'",
    )

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of the body."""
        rule = {"type": "string", "pattern": r"^[a-zA-Z_0-9.]+\|[a-zA-Z_0-9.]+$"}
        return {
            **Object({"rule": rule, "rating": _NUMBER | {"type": ["integer", "null"]}}).schema,
            "required": ["rule"],
        }

    def read(self, body: bytes) -> Rating:
        """The rating, 0 where there is none.

        Raises:
            Rejected: ``body-missing``, ``not-json``, ``body-type``, ``parameter-invalid``.
        """
        members = Object({}).read(body)
        rating = integer(members.get("rating"))
        rule, error_key = rule_and_key(text(members.get("rule")))
        if not LOWEST <= rating <= HIGHEST:
            reason = f"a rating is between {LOWEST} and {HIGHEST}"
            raise Rejected(
                f"Error during validating param 'rating' with value '{rating}'. Error: '{reason}'",
                code="parameter-invalid",
            )
        return Rating(rule, error_key, rating)


BODY = RatingBody()


def _rate(tx: Transaction, call: Call) -> Answer:
    said = call.content(BODY)
    ratings.rate(tx, said.rule, said.error_key, said.rating, org_id=call[ORG])
    return ok(ratings=said.told)


def _rating(tx: Transaction, call: Call) -> Answer:
    rule, _, error_key = call[SELECTOR].rpartition("|")
    found = ratings.rating(tx, rule, error_key, org_id=call[ORG])
    if found is None:
        raise missing(call[ORG], call[SELECTOR], "rating")
    return ok(rating=Rating(rule, error_key, found).told)


OPERATIONS: Sequence[Operation] = [
    Operation(
        "rate",
        "POST",
        "rules/organizations/{org_id}/rating",
        _rate,
        "Rate a recommendation",
        checks=[ORG],
        body=BODY,
        answer=answer(ratings=_RATING),
        writes=True,
    ),
    Operation(
        "get_rating",
        "GET",
        "rules/{rule_selector}/organizations/{org_id}/rating",
        _rating,
        "How an organisation rates a recommendation",
        checks=[ORG, SELECTOR],
        answer=answer(rating=_RATING),
        faults={404: ("Item with ID O/S/rating was not found in the storage",)},
    ),
]
