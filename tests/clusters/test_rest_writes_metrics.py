"""What is counted of votes and ratings."""

from __future__ import annotations

from fixtures.insights_faults import path


def counted(insights):
    """The two counters that dashboards ask for."""
    lines = insights.get("metrics").text.splitlines()
    found = dict(line.rsplit(" ", 1) for line in lines if line.startswith(("feedback_on_rules ", "rating_on_rules ")))
    return float(found["feedback_on_rules"]), float(found["rating_on_rules"])


def test_votes_and_ratings_that_were_stored_are_counted(insights, org):
    cluster = insights.report(org)
    votes, ratings = counted(insights)
    for verb in ("like", "dislike", "reset_vote"):
        insights.put(path(f"clusters/{{c}}/rules/r/error_key/k/organizations/{{o}}/users/u/{verb}", c=cluster, o=org))
        insights.put(path(f"clusters/{{c}}/rules/r-r/error_key/k/organizations/{{o}}/users/u/{verb}", c=cluster, o=org))
    insights.post(f"rules/organizations/{org}/rating", {"rule": "ccx.a|EK1", "rating": 1})
    insights.post(f"rules/organizations/{org}/rating", {"rule": "ccx.a|EK1", "rating": 99999})

    assert counted(insights) == (votes + 3, ratings + 1)
