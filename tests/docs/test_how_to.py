"""Every command of the how-to guides is typed by a test, in order, against one server; pipelines have tests in test_pipelines.py."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from confluent_kafka import Producer
from psycopg.conninfo import make_conninfo

from evistore.clusters.ingest import accept
from evistore.delivery.demo import Story, store
from evistore.kernel.database import Database
from evistore.kernel.embedded import binary
from fixtures import cdviz
from fixtures.brokers import free_ports, tansu
from fixtures.cdevents import event
from fixtures.commands import PROGRAM, environment, evistore
from fixtures.guides import DOCS, GUIDES, Ran, block, blocks, looks_like, run, shell
from fixtures.insights_messages import report_message
from fixtures.parts import absent
from fixtures.receiving import receiving
from fixtures.serving import Served, served

TOKEN, SECRET = "a-long-secret", "another-long-secret"
EXAMPLE = "https://evidence.example.com"
PIPELINES = {"github-actions", "gitlab-ci", "jenkins", "argo-cd", "tekton"}
TYPED = {"adopt-a-database", "chat", "custom-view", "dora-metrics", "export-clusters", "kafka", "send-with-curl"}
TYPED |= {"prove-nothing-was-altered"}
TOLD = {"cdviz-collector", "grafana-panel"}  # settings and statements only


@pytest.fixture(scope="module")
def server(postgres18) -> Iterator[Served]:
    if shutil.which("jq") is None:
        absent("jq is not installed: .ci/parts installs it")
    with served(postgres18, http_tokens=TOKEN, http_signature_secret=SECRET) as one:
        with Database(one.database) as database:
            store(database, Story(7, 4, 20, datetime.now(UTC)), lambda _: None)
            with database.transaction() as tx:
                accept(tx, "report", [report_message()])
        yield one


@pytest.fixture
def settings(server) -> dict[str, str]:
    """What a reader has exported."""
    return {"EVISTORE_URL": server.url, "EVISTORE_TOKEN": TOKEN, "EVISTORE_DATABASE_URL": server.database}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder of a reader, who has PostgreSQL's programs."""
    for name in ("psql", "pg_dump", "pg_restore", "createdb"):
        (tmp_path / name).symlink_to(binary(name))
    return tmp_path


def type_(page: str, settings: dict[str, str], folder: Path, *changes: tuple[str, str]) -> list[Ran]:
    """Type the commands of a guide; each prints what the page shows, where it shows something."""
    done = list(run(blocks(DOCS / "how-to" / f"{page}.md"), settings, folder, *changes))
    assert [(one.block.line, one.printed) for one in done if one.shown and not looks_like(one.printed, one.shown)] == []
    return done


@contextmanager
def going_on(words: list[str | Path], settings: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs beside."""
    with subprocess.Popen(words, cwd=folder, env=environment() | settings) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for(server: Served, query: str, expected: list[tuple[object, ...]]) -> None:
    until = datetime.now(UTC) + timedelta(seconds=30)
    while (found := server.ask(query)) != expected:
        assert datetime.now(UTC) < until, found


def test_every_guide_has_a_test():
    assert {page.stem for page in GUIDES} == PIPELINES | TYPED | TOLD
    assert {page.stem for page in GUIDES if blocks(page, "sh")} == TYPED


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_commands_have_no_fault_that_shellcheck_knows(page):
    script = "\n".join(one.text for one in blocks(page, "sh"))
    words = [PROGRAM.with_name("shellcheck"), "--shell=bash", "--exclude=SC2164,SC2155", "-"]
    done = subprocess.run(words, input=script, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_sending_with_curl(server, settings, folder):
    type_("send-with-curl", settings, folder, (EXAMPLE, server.url))
    sent = "SELECT context_id, verdict FROM cdviz.cdevents_lake WHERE source = 'https://deploy.example.com/shop' ORDER BY 1"
    assert server.ask(sent) == [(f"deploy-{n}", "valid") for n in (1047, 201, 202, 203)]


def test_a_wrong_signature_or_none_is_refused(server, settings, folder):
    [signed] = [one.text for one in blocks(DOCS / "how-to" / "send-with-curl.md", "sh") if "openssl" in one.text]
    (folder / "event.json").write_text("{}")
    with pytest.raises(AssertionError, match="credentials-wrong"):
        shell(signed.replace(SECRET, "a-guess"), settings, folder)
    assert server.post({}).json()["code"] == "credentials-missing"


def test_the_metrics_of_dora(server, settings, folder):
    done = type_("dora-metrics", settings, folder)
    assert "lead time" in done[1].printed
    assert server.ask("SELECT is_production FROM cdviz.production WHERE environment_id = 'live-like-staging'") == [
        (False,)
    ]


def test_a_view_of_ones_own_is_there_after_it_was_made_anew(server, settings, folder):
    with psycopg.connect(server.database, autocommit=True) as connection:
        for one in blocks(DOCS / "how-to" / "custom-view.md", "sql"):
            found = connection.execute(one.text)
    weeks = found.fetchall()
    assert len(weeks) > 10
    before = as_reader(server, "SELECT count(*) FROM shop.service_age")
    refused = evistore("migrate", "--to", "8", settings={"database_url": server.database})
    assert refused.returncode != 0
    assert "view shop." in refused.stderr
    type_("custom-view", settings, folder)
    assert as_reader(server, "SELECT count(*) FROM shop.service_age") == before != [(0,)]


def as_reader(server: Served, query: str) -> list[tuple[object, ...]]:
    """What somebody is answered who may only read."""
    with psycopg.connect(server.database) as connection:
        connection.execute("SET ROLE cdviz_reader")
        return connection.execute(query).fetchall()


def test_a_change_behind_the_back_of_the_functions_is_found(server, settings, folder):
    digests, twice, missing, stored, seal, *_ = [
        one.text for one in blocks(DOCS / "how-to" / "prove-nothing-was-altered.md", "sql")
    ]
    sent = event("service.deployed", "shop/sealed", datetime.now(UTC), key="deploy-1047")
    sent["context"]["source"] = "https://deploy.example.com/sealed"
    (folder / "event.json").write_text(json.dumps(sent, indent=2))
    assert server.post((folder / "event.json").read_bytes(), {"Authorization": f"Bearer {TOKEN}"}).status_code == 201
    [typed] = type_("prove-nothing-was-altered", settings | {"ANY_DATABASE_URL": server.database}, folder)
    ours = stored.replace("example.com/shop", "example.com/sealed")
    assert server.ask(ours) == [(typed.printed.strip(),)]

    with psycopg.connect(server.database, autocommit=True) as connection:
        found = [connection.execute(one).fetchall() for one in (digests, twice, missing)]
        assert found == [[], [], []]
        connection.execute("BEGIN")
        connection.execute(
            "UPDATE cdviz.cdevents_lake SET imported_at = now() - interval '1 day' WHERE subject_id = 'shop/sealed'"
        )
        before = connection.execute(seal).fetchone()
        digest = bytes.fromhex(typed.printed.strip())
        assert (before[0], before[2]) == (1, hashlib.sha256(digest).hexdigest())
        connection.execute(
            """UPDATE cdviz.cdevents_lake SET payload = payload || '{"customData": "x"}' WHERE subject_id = 'shop/sealed'"""
        )
        assert [row[2] for row in connection.execute(digests)] == ["deploy-1047"]
        connection.execute(
            "UPDATE cdviz.cdevents_lake SET digest = sha256(convert_to(payload::text, 'UTF8')) WHERE subject_id = 'shop/sealed'"
        )
        assert connection.execute(digests).fetchall() == []
        assert [row[2] for row in connection.execute(twice)] == ["deploy-1047"]
        assert connection.execute(seal).fetchone()[2] != before[2]
        connection.execute("DELETE FROM cdviz.cdevents_lake WHERE subject_id = 'shop/sealed'")
        assert len(connection.execute(missing).fetchall()) == 1
        connection.execute("ROLLBACK")


def test_only_administrators_may_change_events(server):
    [who] = [
        one.text for one in blocks(DOCS / "how-to" / "prove-nothing-was-altered.md", "sql") if "rolcanlogin" in one.text
    ]
    with psycopg.connect(server.database) as connection:
        connection.execute("CREATE ROLE told_program LOGIN IN ROLE evistore_service")
        connection.execute("CREATE ROLE told_reader LOGIN IN ROLE cdviz_reader")
        connection.execute("CREATE ROLE told_keeper LOGIN IN ROLE cdviz")
        found = {row[0] for row in connection.execute(who)}
        connection.rollback()
    assert {"postgres", "told_keeper"} <= found
    assert not found & {"told_program", "told_reader"}


def test_an_export_is_whole(server, settings, folder):
    (folder / "bucket" / "daily").mkdir(parents=True)
    *_, copied = type_("export-clusters", settings, folder, ("s3://evidence", f"{folder}/bucket"))
    assert re.search(r"^ +1$", copied.printed, re.MULTILINE)
    [day] = (folder / "bucket" / "daily").iterdir()
    assert (day / "rule_hit.parquet").is_file()


def test_a_chat_is_told(server, settings, folder):
    [added, looked] = blocks(DOCS / "how-to" / "chat.md", "sh")
    (folder / "chat.py").write_text(block("chat", "python", "KEY ="))
    port = str(free_ports(1)[0])
    secret = shell(added.text.replace("9000", port), settings, folder).strip()
    with receiving() as chat:
        told = {"EVISTORE_WEBHOOK_SECRET": secret, "CHAT_URL": chat.url, "PORT": port}
        with going_on([sys.executable, "chat.py"], told, folder):
            door = f"http://127.0.0.1:{port}/"
            until_open(door)
            assert "204" in shell(looked.text, settings, folder)
            sent = event(
                "service.deployed",
                "shop/payments",
                datetime.now(UTC),
                environment="prod-eu",
                artifact="pkg:oci/payments@sha256:0b31b1c02ff4?a=b",
            )
            assert server.post(sent, {"Authorization": f"Bearer {TOKEN}"}).status_code == 201
            chat.wait(lambda: chat.requests != [])
            assert httpx.post(door, json={"type": "a"}).status_code == 401
    shell("evistore webhooks remove chat", settings, folder)
    text = json.loads(chat.requests[0].body)["text"]
    assert looks_like(text, block("chat", "text", "deployed"))


def until_open(url: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=20)
    while True:
        try:
            httpx.post(url, content=b"{}")
        except httpx.ConnectError:
            assert datetime.now(UTC) < until
        else:
            return


def test_kafka(server, settings, folder):
    broker = tansu(folder)
    broker.start()
    for topic in ("cdevents", "insights.reports", "insights.workloads"):
        broker.create_topic(topic)
    cdevents, reports, quarantines = blocks(DOCS / "how-to" / "kafka.md", "sh")
    quick = {"session.timeout.ms": "1000", "heartbeat.interval.ms": "200"}
    settings |= {"EVISTORE_KAFKA_BROKERS": broker.bootstrap, "EVISTORE_KAFKA_OPTIONS": json.dumps(quick)}
    (folder / "send.py").write_text(block("kafka", "python", "Producer"))
    shell(f"{sys.executable} send.py", settings, folder)
    produce(broker.bootstrap, "cdevents", "insights.reports")
    incident = "SELECT subject_id FROM cdviz.incident WHERE subject_id = 'incident-77'"
    try:
        consumed(server, cdevents.text, settings, folder, incident, [("incident-77",)])
        consumed(
            server, reports.text, settings, folder, "SELECT topic FROM public.consumer_error", [("insights.reports",)]
        )
    finally:
        broker.kill()
    told = shell(quarantines.text, settings, folder)
    assert re.search(r"context-missing.*kafka:cdevents/0/.*nothing there", told, re.DOTALL)
    asked = [server.ask(one.text) for one in blocks(DOCS / "how-to" / "kafka.md", "sql")]
    assert [[row[0] for row in rows] for rows in asked] == [["cdevents", "insights.reports"], ["insights.reports"]]


def produce(brokers: str, *topics: str) -> None:
    """Put an empty object on each topic."""
    producer = Producer({"bootstrap.servers": brokers})
    for topic in topics:
        producer.produce(topic, b"{}")
    assert producer.flush(30) == 0


def consumed(server: Served, script: str, settings: dict[str, str], folder: Path, *expected: Any) -> None:
    """Run what a guide types for a consumer until a question has its answer, then end it."""
    script = re.sub(r"EVISTORE_KAFKA_BROKERS=\S+", "EVISTORE_KAFKA_GROUP=evistore", script)
    script = re.sub(r"\bevistore consume$", f"exec {PROGRAM} consume", script, flags=re.MULTILINE)
    with going_on(["bash", "-euc", script], settings, folder) as process:
        wait_for(server, *expected)
        process.terminate()
        assert process.wait(30) == 0


def test_a_database_of_cdviz_is_adopted_after_a_rehearsal(postgres18, folder):
    url = postgres18.fresh_database()
    before = [
        event("pipelinerun.started", f"run-{n}", datetime.now(UTC) - timedelta(days=n), key=f"run-{n}")
        for n in range(9)
    ]
    cdviz.build(url, before, hypertable=False)
    named = {name.upper() + "_URL": make_conninfo(url, dbname=name) for name in ("rehearsal", "restored")}
    try:
        # What the database of a test leaves out for speed, and nothing else, is bad.
        lenient = ("evistore doctor", "! evistore doctor")
        done = type_("adopt-a-database", {"EVISTORE_DATABASE_URL": url, **named}, folder, lenient)
        bad = re.findall(r"^ +bad +(\w+)", "".join(one.printed for one in done), re.MULTILINE)
        assert bad == ["durability"] * 2
        with psycopg.connect(url) as adopted, psycopg.connect(named["RESTORED_URL"]) as restored:
            count = "SELECT count(*) FROM cdviz.cdevents_lake"
            assert adopted.execute(count).fetchone() == restored.execute(count).fetchone() == (9,)
            assert restored.execute("SELECT to_regclass('cdviz.event_identity')").fetchone() == (None,)
    finally:
        for one in (url, *named.values()):
            drop(postgres18.url, psycopg.conninfo.conninfo_to_dict(one)["dbname"])


def drop(administrator: str, name: str) -> None:
    with psycopg.connect(administrator, dbname="postgres", autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
        )


def test_the_collector_reaches_us_over_http(server):
    documents = [tomllib.loads(one.text) for one in blocks(DOCS / "how-to" / "cdviz-collector.md", "toml")]
    by_type = {sink["type"]: sink for one in documents for sink in one["sinks"].values() if "type" in sink}
    assert by_type.keys() == {"http", "kafka", "db"}
    sink = by_type["http"]
    [token] = [one["sinks"]["evistore"]["headers"] for one in documents if "authorization" in str(one)]
    for number, headers in enumerate((sink["headers"], token)):
        body = json.dumps(event("service.deployed", "shop/collected", datetime.now(UTC), key=f"collected_{number}"))
        answer = httpx.post(
            sink["destination"].replace(EXAMPLE, server.url),
            content=body,
            headers=collected(headers, body.encode()) | {"Content-Type": "application/json"},
        )
        assert answer.status_code == 201, answer.text


def collected(headers: dict[str, dict[str, str]], body: bytes) -> dict[str, str]:
    """The headers that the collector makes of its settings, and those of CloudEvents that it adds."""
    context = json.loads(body)["context"]
    told = {"ce-id": context["id"], "ce-source": context["source"], "ce-type": context["type"], "ce-specversion": "1.0"}
    for name, rule in headers.items():
        match rule["type"]:
            case "secret":
                told[name] = rule.get("prefix", "") + rule["value"]
            case "signature":
                told[name] = rule["signature_prefix"] + hmac.digest(rule["token"].encode(), body, "sha256").hex()
    return told


def test_the_collector_reaches_us_over_its_login(server):
    sent = event("service.deployed", "shop/collected", datetime.now(UTC), key="collected_by_login")
    with psycopg.connect(server.database, autocommit=True) as connection:
        connection.execute("SET ROLE cdviz_collector")
        # Newer collectors try this first, and by this very code know that they have to send one by one.
        with pytest.raises(psycopg.errors.UndefinedFunction):
            connection.execute("CALL cdviz.store_cdevents(%s::jsonb[])", [[json.dumps(sent)]])
        connection.execute("CALL cdviz.store_cdevent(%s::jsonb)", [json.dumps(sent)])
    stored = "SELECT verdict FROM cdviz.cdevents_lake WHERE context_id = 'collected_by_login'"
    assert server.ask(stored) == [(None,)]
