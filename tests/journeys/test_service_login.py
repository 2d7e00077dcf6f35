"""The program needs no more than the role evistore_service: every door works for a login that is a member of it and of nothing else."""

from __future__ import annotations

import json

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from fixtures.commands import evistore
from fixtures.serving import cdevent, serving

PROGRAM = "evistore_test_program"


@pytest.fixture
def login(delivery_url):
    with psycopg.connect(delivery_url, autocommit=True) as administrator:
        administrator.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE evistore_service").format(sql.Identifier(PROGRAM)))
        yield make_conninfo(delivery_url, user=PROGRAM)
        administrator.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(PROGRAM)))


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_server_of_the_service_login_is_ready_stores_shows_and_replays(login):
    with serving(login) as server:
        event = cdevent("one")
        answers = [server.get("/ready"), server.post(event), server.post(event), server.post({}), server.get("/")]
        shown = server.get("/api/delivery/v1/events").json()
        held = server.get("/api/delivery/v1/quarantine").json()
        dropped = httpx.post(
            f"{server.url}/api/delivery/v1/quarantine/{answers[3].json()['quarantine_id']}/drop", timeout=30
        )

    assert [one.status_code for one in answers] == [200, 201, 200, 202, 200]
    assert "one" in json.dumps(shown)
    assert "not-an-object" in json.dumps(held) or "context-missing" in json.dumps(held)
    assert dropped.status_code == 200, dropped.text


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_files_and_lists_of_the_service_login_work(login, tmp_path):
    lines = tmp_path / "events.ndjson"
    lines.write_text("\n".join(json.dumps(one) for one in (cdevent("a"), cdevent("b"), {})), "utf-8")

    ingested = evistore("ingest", str(lines), "--database-url", login)
    listed = evistore("quarantine", "list", "--database-url", login)
    events = evistore("events", "--json", "--database-url", login)

    assert ingested.returncode == 1, ingested.stderr
    assert "events.ndjson:3" in listed.stdout, listed.stdout + listed.stderr
    assert events.returncode == 0, events.stderr
    assert '"a"' in events.stdout
    assert '"b"' in events.stdout
