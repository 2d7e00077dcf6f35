"""The documentation as a site: built without a network, asking nobody, found by search, seen in light and dark."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.documents import PAGES
from fixtures.source import REPOSITORY, named

SITE = REPOSITORY / "build" / "docs"
RECIPE = re.compile(r"^docs: .*\n((?:\t.*\n)+)", re.MULTILINE)
ELSEWHERE = re.compile(
    r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=["'](?:https?:)?//[^"']+|@import\s+["']?(?:https?:)?//|url\(["']?https?://"""
)
AA = 4.5
CONTRAST = """() => {
    const light = (text) => {
        const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map((one) => {
            const part = one / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = light(getComputedStyle(document.body).backgroundColor);
    const of = (selector) => {
        const found = document.querySelector(selector);
        if (!found) return 21;
        const ink = light(getComputedStyle(found)[found instanceof SVGElement ? "fill" : "color"]);
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    };
    const code = document.querySelector(".highlight");
    if (code && Math.abs(light(getComputedStyle(code).backgroundColor) - ground) > 0.1) return [0]; // of the other scheme
    const ofText = ["article p", "article a", ".sidebar-tree a", ".highlight", ".highlight .c1", ".highlight .s2"];
    return [...ofText, "figure.drawn text", "figure.drawn .words"].map(of);
}"""


@pytest.fixture(scope="module")
def site() -> Path:
    """What `make docs` makes, by its own recipe; a warning is an error there."""
    recipe = RECIPE.search((REPOSITORY / "Makefile").read_text("utf-8"))[1]
    command = recipe.strip().replace("$(BIN)", str(Path(sys.executable).parent))
    quiet = {"http_proxy": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    done = subprocess.run(
        command, shell=True, cwd=REPOSITORY, env=os.environ | quiet, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return SITE


def test_every_page_is_in_the_site_and_in_its_navigation(site):
    start = (site / "index.html").read_text("utf-8")
    for page in PAGES:
        place = (
            named(page)
            .removeprefix("docs/")
            .removesuffix(".md")
            .replace("README", "index" if page.parent == REPOSITORY else "README")
        )
        place = {"CONTRIBUTING": "contributing"}.get(place, place)
        assert (site / f"{place}.html").is_file(), place
        folder = (
            "decisions/README"
            if place.startswith("decisions/0")
            else "reference/schema/README"
            if "schema/" in place
            else place
        )
        assert place == "index" or f'href="{folder}.html"' in start, place


def test_no_page_asks_another_host_for_anything(site):
    asked = {
        f"{path.relative_to(site)}: {match[0]}"
        for path in site.rglob("*")
        if path.suffix in {".html", ".css"}
        for match in ELSEWHERE.finditer(path.read_text("utf-8"))
    }
    assert asked == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_and_pictures_can_be_read_in_either_scheme(site, browser, scheme):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1360, "height": 900})
    for place in ("operate/postgresql", "architecture"):
        page.goto(f"file://{site}/{place}.html")
        assert min(page.evaluate(CONTRAST)) >= AA, place
    page.set_viewport_size({"width": 400, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.close()


def test_search_finds_a_table_and_a_word_without_a_server(site, browser):
    page = browser.new_page()
    page.goto(f"file://{site}/search.html?q=legal_hold")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all("#search-results li a", "all => all.map(one => one.getAttribute('href'))")
    assert any("reference/schema/cdviz.html" in link for link in found)
    page.close()
