"""Words for how something is known, and why it is not, in place of the codes that the database tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evistore.web.words import count, counted

REASONS: Mapping[str, str] = {
    "no-environment": "naming no environment",
    "no-artifact": "naming no artifact",
    "no-change": "without a change linked to the artifact",
    "not-merged": "without a merge event",
    "merged-later": "merged only after the deployment",
    "repeated": "run there before",
    "incident-open": "with an incident still open",
    "no-service": "naming no service",
    "no-deployment": "without a deployment before them",
    "no-start": "without a start",
    "ends-before-start": "ending before they started",
    "no-outcome": "without an outcome",
    "outcome-unknown": "with an outcome of another name",
    "no-rhythm": "too few days to tell",
    "no-state": "belonging to no chain and no suite run",
}
WAYS: Mapping[str, str] = {
    "rollback": "rolled back",
    "artifact": "an incident is about its artifact",
    "event": "an incident is linked to it",
    "service": "an incident blames the service",
    "time": "an incident soon after (a guess)",
    "incident": "while an incident was open",
}
TIES: Mapping[str, str] = {
    "artifact": "it names the artifact",
    "event": "it names the deployment event",
    "service": "it names the service as its cause",
    "time": "the last deployment within a day before (a guess)",
}
"""How an incident is tied to a deployment."""


def reason(code: str | None) -> str:
    """The words of one reason; a code that is not known is told as it is."""
    return REASONS.get(code or "", code or "")


def told(reasons: Mapping[str, int], one: str, many: str | None = None) -> str:
    """How many of what for which reason, the most first: 7 releases without a merge event, 2 naming no artifact."""
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    first = [f"{counted(number, one, many)} {reason(code)}" for code, number in ordered[:1]]
    return ", ".join([*first, *(f"{count(number)} {reason(code)}" for code, number in ordered[1:])])


def ways(codes: Iterable[str]) -> str:
    """The signs by which something is known."""
    return ", ".join(WAYS.get(code, code) for code in codes)
