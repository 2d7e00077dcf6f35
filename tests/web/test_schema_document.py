"""The description of a database: complete, linked, and harmless whatever a comment says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from psycopg import sql

from evistore.kernel.catalogue import SCHEMAS, Schema, catalogue
from evistore.kernel.database import Database
from evistore.web.schema_document import pages, told
from fixtures.commands import evistore

HOSTILE = """<script>alert(1)</script> | a `pipe`
and | [link](javascript:alert(1)) & "quotes" '"""


@pytest.fixture(params=["native"])
def engine(postgres18):
    return postgres18


@pytest.fixture
def schemas(delivery_url) -> Iterator[list[Schema]]:
    with Database(delivery_url) as database, database.transaction() as tx:
        tx.run('CREATE TABLE clusters."odd|<b>name" ("a`b|c" text DEFAULT \'<i>|`\')')
        tx.connection.execute(sql.SQL("COMMENT ON TABLE public.report IS {}").format(HOSTILE))
        yield catalogue(tx, SCHEMAS)


def anchors(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'\bid="([^"]+)"', page)]


def test_every_object_has_one_anchor(schemas):
    names = {one.full_name for schema in schemas for one in (*schema.relations, *schema.functions)}
    for form in ("html", "markdown"):
        found = anchors(told(schemas, form))
        assert len(found) == len(set(found))
        assert names <= set(found)


def test_every_link_of_the_page_leads_somewhere(schemas):
    page = told(schemas, "html")
    targets = {unescape(one) for one in re.findall(r'href="#([^"]+)"', page)}
    assert targets <= set(anchors(page))
    assert len(targets) > 100


def test_the_page_needs_nothing_else(schemas):
    page = told(schemas, "html")
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import|<script|<link', page) == []


def test_a_comment_is_text_whatever_it_says(schemas):
    page = told(schemas, "html")
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>name" not in page
    text = told(schemas, "markdown")
    assert r"\<script\>alert(1)\</script\> \| a \`pipe\` and \| \[link\](javascript:alert(1))" in text


def test_rows_of_markdown_tables_have_the_cells_of_their_head(schemas):
    for block in re.findall(r"(?:^\|.*\n)+", told(schemas, "markdown"), re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block


def test_links_between_the_markdown_pages_lead_somewhere(schemas):
    every = pages(schemas, "markdown")
    known = {f"{name}#{anchor}" for name, text in every.items() for anchor in anchors(text)}
    for text in every.values():
        links = {unescape(one) for one in re.findall(r"\]\(([a-z]+\.md#[^\n]+?)\)(?=[,\s|.]|$)", text, re.MULTILINE)}
        assert links <= known
    assert set(every) == {"README.md", *(f"{one.name}.md" for one in schemas)}


def test_diagrams_stand_in_both_forms(schemas):
    assert told(schemas, "html").count("<svg") == told(schemas, "markdown").count("```mermaid") > 1


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window(schemas, page, tmp_path, width, scheme):
    path = tmp_path / "index.html"
    path.write_text(told(schemas, "html"), "utf-8")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("svg").first.is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert page.get_by_text("tables", exact=True).first.is_visible() == (width > 900)


def test_the_command_prints_or_writes(delivery_url, tmp_path):
    settings = {"database_url": delivery_url}
    printed = evistore("schema", "doc", "--schema", "dvo", settings=settings)
    assert printed.stdout.startswith("# What the database holds\n")
    assert "dvo.dvo_report" in printed.stdout
    assert "cdviz" not in printed.stdout.replace("cdviz_reader", "")
    written = evistore("schema", "doc", "--format", "html", "--output", tmp_path / "new", settings=settings)
    assert written.stdout.strip() == str(tmp_path / "new" / "index.html")
    assert (tmp_path / "new" / "index.html").read_text("utf-8").startswith("<!doctype html>")
    assert evistore("schema", "doc", "--schema", "nowhere", settings=settings).returncode == 1
