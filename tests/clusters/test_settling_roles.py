"""What members of each role can do about toggles, votes, acknowledgements and ratings, as real logins, and that they can do no more."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from fixtures.settling import ENGINES, report, rows

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)

CALLS = [
    "SELECT * FROM clusters.vote('c', 'r', 'k', 1, 'u', 1, '')",
    "SELECT * FROM clusters.set_toggle('c', 'r', 'k', 1, true)",
    "SELECT * FROM clusters.explain_toggle('c', 'r', 'k', 1, 'u', 'm')",
    "SELECT clusters.acknowledge(1, 'r', 'k', 'j')",
    "SELECT clusters.update_acknowledgement(1, 'r', 'k', 'j')",
    "SELECT clusters.rate(1, 'r', 'k', 1::smallint)",
    "SELECT clusters.withdraw_acknowledgement(1, 'r', 'k')",
]
DELETIONS = ["SELECT clusters.delete_clusters('{c}')", "SELECT clusters.delete_organizations('{1}')"]
INSIDE = [
    "SELECT clusters.append_change('toggle', NULL, '{}')",
    "SELECT clusters.record_change()",
    "SELECT clusters.refuse_change()",
]
TABLES = [
    "public.report",
    "public.cluster_rule_toggle",
    "public.cluster_rule_user_feedback",
    "public.cluster_user_rule_disable_feedback",
    "public.rule_disable",
    "public.advisor_ratings",
    "clusters.change",
    "clusters.rule_change",
]
READS = [f"SELECT * FROM {table}" for table in TABLES]
WRITES = [
    *[f"DELETE FROM {table}" for table in TABLES],
    "INSERT INTO public.rule_disable VALUES ('1', 'r', 'k', '', now())",
    "INSERT INTO clusters.change (kind, action, org_id, rule_id, error_key, after) VALUES ('toggle', 'a', '1', 'r', 'k', '{}')",
    "TRUNCATE public.rule_disable",
]


@pytest.fixture
def login(delivery_url):
    """Connects as a new login that is a member of a role."""
    made = []

    def connect(role):
        name = f"settler_{len(made)}_{role}"
        with psycopg.connect(delivery_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            if role != "nobody":
                admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(name)))
        made.append((psycopg.connect(delivery_url, user=name, autocommit=True), name))
        return made[-1][0]

    yield connect
    with psycopg.connect(delivery_url, autocommit=True) as admin:
        for connection, name in made:
            connection.close()
            admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def refused(connection, statements):
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_writer_calls_and_nothing_else(delivery, login):
    report(delivery, cluster="c")
    writer = login("clusters_writer")

    for call in CALLS:
        writer.execute(call)

    refused(writer, [*READS, *WRITES, *DELETIONS, *INSIDE])
    assert rows(delivery, "clusters.rule_change", "action, login") == [
        (action, "settler_0_clusters_writer")
        for action in ("acknowledged", "disabled", "explained", "updated", "withdrawn")
    ]


def test_a_reader_reads_and_nothing_else(delivery, login):
    reader = login("clusters_reader")

    for statement in READS:
        reader.execute(statement)

    refused(reader, [*WRITES, *CALLS, *DELETIONS, *INSIDE])


def test_the_service_calls_reads_and_deletes(delivery, login):
    report(delivery, cluster="c")
    service = login("evistore_service")

    for statement in [*CALLS, *READS, *DELETIONS]:
        service.execute(statement)

    refused(service, [*WRITES, *INSIDE])


def test_a_stranger_can_do_nothing(login):
    refused(login("nobody"), [*READS, *WRITES, *CALLS, *DELETIONS])


def test_another_program_with_rights_on_the_tables_is_recorded_without_any_right_on_the_trail(delivery, login):
    other = login("nobody")
    name = sql.Identifier(other.info.user)
    delivery.execute(
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.rule_disable TO {}").format(name)
    )

    other.execute("INSERT INTO public.rule_disable VALUES ('1', 'r', 'k', 'a', now())")
    other.execute("UPDATE public.rule_disable SET justification = 'b'")
    other.execute("TRUNCATE public.rule_disable")

    refused(other, ["SELECT * FROM clusters.change", "DELETE FROM clusters.change"])
    assert rows(delivery, "clusters.rule_change", "id, action, login, justification_after") == [
        (1, "acknowledged", "settler_0_nobody", "a"),
        (2, "updated", "settler_0_nobody", "b"),
        (3, "withdrawn", "settler_0_nobody", None),
    ]
