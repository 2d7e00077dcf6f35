"""A database of the Insights Results Aggregator, taken over in place: its tables stay where and what they are, and become ours.

:func:`adopt` is what ``evistore migrate`` calls before its migrations, in their transaction. No row is touched; history begins with what stands.
"""

from __future__ import annotations

from typing import Any, LiteralString, cast

from evistore.kernel.database import Transaction
from evistore.kernel.errors import Misconfigured
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "adoption")

VERSIONS = {"public": ["32"], "dvo": ["4"]}
"""The one state of the other system's schemas that is known here."""

_TEXT, _TIME = "character varying", "timestamp without time zone"
_USER_KEY = {"error_key": _TEXT, "org_id": _TEXT}
COLUMNS = {
    "public.report": {
        "org_id": "integer",
        "cluster": _TEXT,
        "report": _TEXT,
        "reported_at": _TIME,
        "last_checked_at": _TIME,
        "kafka_offset": "bigint",
        "gathered_at": _TIME,
    },
    "public.rule_hit": {
        "org_id": "integer",
        "cluster_id": _TEXT,
        "rule_fqdn": _TEXT,
        "error_key": _TEXT,
        "template_data": _TEXT,
        "created_at": _TIME,
    },
    "public.recommendation": {
        "org_id": "integer",
        "cluster_id": _TEXT,
        "rule_fqdn": "text",
        "error_key": _TEXT,
        "rule_id": _TEXT,
        "created_at": _TIME,
        "impacted_since": _TIME,
    },
    "public.report_info": {"org_id": "integer", "cluster_id": _TEXT, "version_info": _TEXT},
    "public.cluster_rule_toggle": {
        "cluster_id": _TEXT,
        "rule_id": _TEXT,
        "disabled": "smallint",
        "disabled_at": _TIME,
        "enabled_at": _TIME,
        "updated_at": _TIME,
        "disabled_check": "smallint",
        **_USER_KEY,
    },
    "public.cluster_rule_user_feedback": {
        "cluster_id": _TEXT,
        "rule_id": _TEXT,
        "user_id": _TEXT,
        "message": _TEXT,
        "user_vote": "smallint",
        "added_at": _TIME,
        "updated_at": _TIME,
        **_USER_KEY,
    },
    "public.cluster_user_rule_disable_feedback": {
        "cluster_id": _TEXT,
        "user_id": _TEXT,
        "rule_id": _TEXT,
        "message": _TEXT,
        "added_at": _TIME,
        "updated_at": _TIME,
        **_USER_KEY,
    },
    "public.rule_disable": {
        "org_id": _TEXT,
        "rule_id": _TEXT,
        "error_key": _TEXT,
        "justification": _TEXT,
        "created_at": _TIME,
        "updated_at": _TIME,
    },
    "public.advisor_ratings": {
        "org_id": _TEXT,
        "rule_fqdn": _TEXT,
        "error_key": _TEXT,
        "rated_at": _TIME,
        "last_updated_at": _TIME,
        "rating": "smallint",
        "rule_id": _TEXT,
    },
    "public.consumer_error": {
        "topic": _TEXT,
        "partition": "integer",
        "topic_offset": "integer",
        "key": _TEXT,
        "produced_at": _TIME,
        "consumed_at": _TIME,
        "message": _TEXT,
        "error": _TEXT,
    },
    "public.migration_info": {"version": "integer"},
    "dvo.dvo_report": {
        "org_id": "integer",
        "cluster_id": _TEXT,
        "namespace_id": _TEXT,
        "namespace_name": _TEXT,
        "report": "text",
        "recommendations": "integer",
        "objects": "integer",
        "reported_at": _TIME,
        "last_checked_at": _TIME,
        "rule_hits_count": "jsonb",
    },
    "dvo.migration_info": {"version": "integer"},
}
"""Tables and columns with their types, which clients rely on."""


def adopt(connection: Any) -> list[str]:
    """Take over the tables of another system in the database of *connection*, whose transaction the caller ends; what was done, in words.

    Does nothing where the tables are ours, or there are none.

    Raises:
        Misconfigured: tables of these names stand there that are not known to be that system's; nothing has changed.
    """
    tx = Transaction(connection)
    tx.run(SQL["as_login"])  # the owner-to-be may see nothing of the old system yet
    done = _take_over(tx, tx.values(SQL["found"], tables=list(COLUMNS)))
    tx.run(SQL["as_owner"])
    return done


def _take_over(tx: Transaction, found: list[str]) -> list[str]:
    if not found:
        return []
    _recognise(tx, found)
    done: list[str] = tx.values(SQL["own"], tables=list(COLUMNS))
    for statement in done:
        tx.run(cast("LiteralString", statement))
    return done


def _recognise(tx: Transaction, found: list[str]) -> None:
    if missing := sorted(COLUMNS.keys() - set(found)):
        raise Misconfigured(
            f"{found[0]} belongs to something else: {', '.join(missing)} should stand beside it; "
            "give cluster evidence a database of its own (EVISTORE_CLUSTERS_DATABASE_URL)",
            code="adoption-tables",
        )
    standing = {"public": tx.value(SQL["version_public"]), "dvo": tx.value(SQL["version_dvo"])}
    if standing != VERSIONS:
        told = ", ".join(f"{schema} {' and '.join(numbers or ['none'])}" for schema, numbers in standing.items())
        raise Misconfigured(
            f"the tables of cluster evidence stand at {told}; only public 32 and dvo 4 can be adopted",
            code="adoption-version",
        )
    wanted = [f"{table} {name} {kind}" for table in sorted(COLUMNS) for name, kind in COLUMNS[table].items()]
    if unlike := sorted(set(wanted).symmetric_difference(tx.values(SQL["columns"], tables=sorted(COLUMNS)))):
        raise Misconfigured(
            f"tables of cluster evidence have other columns: {', '.join(unlike)}", code="adoption-columns"
        )
