"""Every command and every statement of the documentation is run; what no machine of tests has is listed in fixtures/acting.py.

Pages are run from top to bottom, each on a database of its own with a generated history. The tutorial and the how-to guides have tests of their own
for their commands (`RUN_BY`); their statements are run here as well.
"""

from __future__ import annotations

import gzip
import json
import re
import shlex
from base64 import b64encode
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import psycopg
import pytest
import yaml
import zstandard
from standardwebhooks import Webhook, WebhookVerificationError

from evistore.clusters.ingest import Rules, accept, accept_and_keep
from evistore.delivery.demo import Story, store
from evistore.delivery.history import history
from evistore.delivery.validation import judge
from evistore.kernel.database import Database
from fixtures import guides
from fixtures.acting import Stage
from fixtures.databases import template
from fixtures.deploying import document
from fixtures.documents import GUIDES_ONLY, PAGES, READERS, blocks, inline, misused, run_by
from fixtures.grafana import Request, expanded
from fixtures.insights_messages import report_message
from fixtures.receiving import receiving
from fixtures.serving import serving
from fixtures.source import REPOSITORY, named

README = REPOSITORY / "README.md"
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
MOST_NOT_RUN = 4
TOPICS = ("cdevents", "ccx.ocp.results", "ccx.dvo.results")
WITH_SQL = [page for page in PAGES if any(one.language == "sql" for one in blocks(page))]
WITH_COMMANDS = [page for page in PAGES if not run_by(page) and any(one.language == "sh" for one in blocks(page))]
STATEMENT = re.compile(r"(SELECT|INSERT INTO|UPDATE|DELETE FROM|CALL|WITH) (?!.*…)\S+ .+", re.DOTALL)
# What a page finds in a database that is not ours yet.
BEFORE = {"docs/how-to/adopt-a-database.md": "CREATE TABLE public.schema_migrations (version bigint, dirty boolean)"}
ASKED = Request(datetime(2026, 2, 1, tzinfo=UTC), UNTIL, values={"service": ["shop/payments"]})


def ids(page: Path) -> str:
    return named(page)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_block_of_a_page_is_in_a_language_that_somebody_reads(page):
    for one in blocks(page):
        assert one.language in READERS or (run_by(page) and one.language in GUIDES_ONLY), f"{one}: {one.language!r}"
        if not one.not_run and one.language in READERS:
            READERS[one.language](one.text)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_inside_of_sentences_exist_with_their_options(page):
    shown = [
        code.partition("evistore ")[2] for code in inline(page) if re.match(r"([A-Z_]+=\S+ )*evistore [a-z-]", code)
    ]
    assert [fault for words in shown for fault in misused(shlex.split(words))] == []


def test_few_blocks_are_not_run_and_each_says_why():
    left_out = [one for page in PAGES for one in blocks(page) if one.not_run]
    assert len(left_out) <= MOST_NOT_RUN
    assert [str(one) for one in left_out if len(one.not_run) < 20 or one.language not in {"sh", "sql"}] == []


def test_pages_with_a_test_of_their_own_are_named_there():
    for test in {run_by(page) for page in PAGES if run_by(page)}:
        text = (REPOSITORY / test).read_text("utf-8")
        for page in PAGES:
            if run_by(page) == test and any(one.language == "sh" for one in blocks(page)):
                assert page.stem in text or "GUIDES" in text, named(page)


@pytest.fixture(scope="module")
def told(engine):
    """The URL of a database with a small history of both kinds of evidence, and two reports that were not taken in."""
    small = engine.kind == "timescale"
    url = engine.fresh_database(template(engine))
    with Database(url) as database:
        store(database, Story(7, 4 if small else 40, 10 if small else 30, UNTIL), lambda _: None)
        with database.transaction() as tx:
            accept(tx, "report", [report_message()])
            kept = [report_message(org=7, cluster=f"00000000-0000-4000-8000-00000000000{number}") for number in (1, 2)]
            accept_and_keep(tx, "report", kept, origins=["http", "http"], rules=Rules(organizations=frozenset({1})))
    yield url
    engine.discard(url)


@pytest.mark.parametrize("page", WITH_SQL, ids=ids)
def test_the_statements_of_a_page_run_and_those_of_the_readme_answer_something(engine, told, page):
    shown = [(str(one), one.text) for one in blocks(page) if one.language == "sql" and not one.not_run]
    shown += [(f"{named(page)}: {code}", code) for code in inline(page) if STATEMENT.fullmatch(code)]
    with Database(told) as database, database.session() as connection, connection.transaction(force_rollback=True):
        connection.execute(BEFORE.get(named(page), ""))
        for where, text in shown:
            if page == README:
                connection.execute("SET LOCAL ROLE cdviz_reader")
            found = connection.execute(expanded(text, ASKED) if "$__" in text else text)
            if page == README and engine.kind == "native":
                assert found.fetchall() != [], where


@pytest.fixture
def stage(tmp_path, postgres18, told, broker_process, request):
    """Where a page's commands run: a copy of the told database, and parts as far as the page names them."""
    text = "".join(one.text for one in blocks(request.getfixturevalue("page")) if one.language == "sh")
    url = postgres18.fresh_database(told)
    with ExitStack() as stack:
        stack.callback(postgres18.discard, url)
        places = {r"postgresql://[\w.@:-]+\.example\.com(?::\d+)?/\w+": url}
        if "http://127.0.0.1:8080" in text:
            served = stack.enter_context(serving(url)).url
            places |= {r"http://127\.0\.0\.1:8080|https://evidence\.example\.com": served}
        if "hooks.example.com" in text:
            places |= {r"https://hooks\.example\.com/\w+": stack.enter_context(receiving()).url}
        if re.search(r"kafka[\w.-]*:9092", text):
            broker_process.start()
            for topic in TOPICS:
                broker_process.create_topic(topic)
            places |= {r"(?:kafka[\w.-]*:9092,?)+": broker_process.bootstrap}
            stack.callback(broker_process.kill)  # and all that it remembers is gone
        settings = {"database_url": url, "http_port": "0"}
        if "s3://" in text:
            service = request.getfixturevalue("s3")
            service.client().create_bucket(Bucket="evidence")
            settings |= service.settings
        one, other = _faulty(url)
        places |= {
            "METRICS_PORT=9090": "METRICS_PORT=0",
            "show 17": f"show {one}",
            "replay 17 18": f"replay {one} {other}",
        }
        stage = Stage(tmp_path, url, places)
        _furnish(tmp_path)
        yield stage, {f"EVISTORE_{name.upper()}": value for name, value in settings.items()}


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=ids)
def test_the_commands_of_a_page_run(page, stage):
    acted, settings = stage
    found = [guides.Block(one.language, acted.staged(one.text), one.line) for one in blocks(page) if not one.not_run]
    for _ in guides.run(found, settings, acted.folder):
        pass
    assert [fault for words in acted.called() for fault in misused(words)] == []


def test_the_event_of_the_readme_is_a_valid_one():
    sent = re.search(r"-d '(\{.*?\n\})'", README.read_text("utf-8"), re.DOTALL)[1]
    verdict = judge(json.loads(sent))
    assert (verdict.state, verdict.reasons, verdict.warnings) == ("valid", (), ())


def test_a_receiver_of_webhooks_checks_signatures_as_it_is_told_to():
    [shown] = [one for one in blocks(REPOSITORY / "docs/operate/webhooks.md") if one.language == "python"]
    secret, body = "whsec_" + b64encode(b"0123456789abcdef").decode(), b'{"specversion": "1.0"}'
    now = datetime.now(UTC)
    headers = {"webhook-id": "1", "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = Webhook(secret).sign("1", now, body.decode())
    names = {"body": body, "headers": headers}
    exec(compile(shown.text.replace("whsec_…", secret), str(shown), "exec"), names)
    assert names["event"] == {"specversion": "1.0"}
    with pytest.raises(WebhookVerificationError):
        exec(compile(shown.text.replace("whsec_…", secret), str(shown), "exec"), names | {"body": body + b" "})


def test_the_values_of_the_kubernetes_page_fit_the_chart():
    schema = json.loads((REPOSITORY / "deploy/chart/values.schema.json").read_text("utf-8"))
    values = document("chart/values.yaml")
    for one in blocks(REPOSITORY / "docs/operate/kubernetes.md"):
        if one.language == "yaml":
            given = yaml.safe_load(one.text)
            jsonschema_rs.validate(schema, values | {name: values[name] | value for name, value in given.items()})


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def _faulty(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT id FROM evistore.quarantine WHERE context = 'clusters' ORDER BY id"
        ).fetchall()
    return [row[0] for row in rows]


def _furnish(folder: Path) -> None:
    """The files that pages name."""
    events = "\n".join(history(seed=8, services=1, days=2, until=UNTIL))
    (folder / "events.ndjson.gz").write_bytes(gzip.compress(events.encode()))
    (folder / "more").mkdir()
    (folder / "more" / "one.json").write_text(events.splitlines()[0])
    (folder / "reports.ndjson.zst").write_bytes(zstandard.compress(report_message() + b"\n"))
    (folder / "gone.txt").write_text("5d5892d3-1f74-4ccf-91af-548dfc9767aa\n")
