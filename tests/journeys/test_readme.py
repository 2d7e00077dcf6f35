"""What the README shows really runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from evistore.clusters.ingest import accept
from evistore.delivery.demo import Story, store
from evistore.delivery.validation import judge
from evistore.kernel.database import Database
from fixtures.commands import evistore
from fixtures.insights_messages import report_message
from fixtures.source import REPOSITORY

README = (REPOSITORY / "README.md").read_text("utf-8")
OPERATE = (REPOSITORY / "docs" / "operate" / "postgresql.md").read_text("utf-8")
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", README + OPERATE, re.DOTALL) for line in block.splitlines()
]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of *language*."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def told_url(postgres18):
    """A database with a small history."""
    from fixtures.databases import template

    url = postgres18.fresh_database(template(postgres18))
    with Database(url) as database:
        store(database, Story(7, 40, 30, datetime(2026, 3, 1, tzinfo=UTC)), lambda _: None)
        with database.transaction() as tx:
            accept(tx, "report", [report_message()])
    yield url
    postgres18.discard(url)


@pytest.mark.parametrize("query", blocks(README, "sql"), ids=lambda query: query.splitlines()[0].strip("- "))
def test_a_query_of_the_readme_answers_something(told_url, query):
    with Database(told_url) as database, database.transaction(read_only=True) as tx:
        tx.run("SET LOCAL ROLE cdviz_reader")
        assert tx.rows(query) != []


@pytest.mark.parametrize("text", blocks(OPERATE, "sql"), ids=lambda text: text.splitlines()[0])
def test_what_an_operator_is_told_to_run_runs(told_url, text):
    with Database(told_url) as database, database.session() as connection, connection.transaction(force_rollback=True):
        for statement in text.split(";"):
            if statement.strip():
                connection.execute(statement)


def test_the_event_of_the_readme_is_a_valid_one():
    sent = re.search(r"-d '(\{.*?\n\})'", README, re.DOTALL)[1]
    verdict = judge(json.loads(sent))
    assert (verdict.state, verdict.reasons, verdict.warnings) == ("valid", (), ())


@pytest.mark.parametrize("line", [line for line in COMMANDS if re.search(r"(?:^|\s)evistore ", line)])
def test_a_command_that_is_shown_exists_with_its_options(line):
    words = line.partition("evistore ")[2].split()
    command = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
    help_ = evistore(*command, "--help")
    if help_.returncode == 2 and len(command) == 2:
        help_ = evistore(command[0], "--help")  # the second word was an argument
    assert help_.returncode == 0
    assert [word for word in words if word.startswith("--") and word not in help_.stdout] == []


@pytest.mark.parametrize(
    "page",
    [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").rglob("*.md"))],
    ids=lambda page: page.name,
)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
