"""A page as a forge shows it becomes a page of the site: its anchors, links, pictures and place in the navigation.

The files in docs/ are plain Markdown. Whatever only the site needs is added here while Sphinx reads them.
"""

from __future__ import annotations

import os
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from mermaid import picture
from navigation import BORROWED, FOLDERS, PLACES, SECTIONS
from sphinx.application import Sphinx

DOCS = Path(__file__).resolve().parents[1]
REPOSITORY = DOCS.parent

_ANCHORED = re.compile(r'^#+ <a id="([^"]+)"></a>', re.MULTILINE)
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>(`[^`]+`)')
_LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]]|\\.)+)\]\((?P<target>(?!\w+:|#)[^)\s#]+)(?:#(?P<place>[^()\s]+)(?P<function>\(\))?)?\)"
)
_IMAGE = re.compile(r"^!\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+\.svg)\)$", re.MULTILINE)
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Make the text of page *name*, the only item of *source*, what the site shows."""
    page = DOCS / f"{name}.md"
    text = source[0]
    if name in BORROWED:
        page = REPOSITORY / BORROWED[name]
        app.env.note_dependency(str(page))
        text = page.read_text("utf-8")
    text = _LINK.sub(lambda match: _link(match, page, (DOCS / name).parent), text)
    text = _IMAGE.sub(lambda match: _inlined(app, page.parent / match["target"]), text)
    text = _MERMAID.sub(lambda match: _figure(picture(match[1])), text)
    text = _ANCHORED.sub(lambda match: f"({_id(match[1])})=\n\n## ", text)
    text = _ANCHOR.sub(lambda match: f"[{match[2]}]{{#{_id(match[1])}}}", text)
    source[0] = text + _trees(name)


def _link(match: re.Match[str], page: Path, home: Path) -> str:
    """The same link as it leads from the site's page in *home*; only its text where it leads to a folder without a page."""
    target = Path(os.path.normpath(page.parent / match["target"]))
    if target.is_dir():
        target /= "README.md"
        if not target.is_file():
            return match["text"]
    inside = str(target.relative_to(REPOSITORY)) if target.is_relative_to(REPOSITORY) else ""
    if inside in PLACES:
        target = DOCS / PLACES[inside]
    place = f"#{_id(match['place'] + (match['function'] or ''))}" if match["place"] else ""
    return f"[{match['text']}]({os.path.relpath(target, home)}{place})"


def _id(name: str) -> str:
    """An anchor as attributes may hold it. Those of functions end with parentheses: a table may have the same name."""
    return re.sub(r"[^\w-]+", "-", name.replace("()", "-function"))


def _inlined(app: Sphinx, path: Path) -> str:
    """The drawing itself, so that it has the colours of the page."""
    app.env.note_dependency(str(path))
    return _figure(path.read_text("utf-8"))


def _figure(svg: str) -> str:
    """A drawing as a block of HTML: no empty lines, and nothing before its first tag."""
    lines = [line for line in svg.splitlines() if line.strip() and not line.startswith("<?xml")]
    return "\n".join(['<figure class="drawn">', *lines, "</figure>"])


def _trees(name: str) -> str:
    """Where the pages below page *name* are listed for the navigation."""
    if name == "index":
        return "".join(_tree(_matching(pages), caption) for caption, pages in SECTIONS.items())
    if name in FOLDERS:
        folder = (DOCS / name).parent
        pages = sorted(str(path.with_suffix("").relative_to(folder)) for path in folder.glob("*.md"))
        return _tree([one for one in pages if one != "README"], "", hidden=not FOLDERS[name])
    return ""


def _matching(patterns: list[str]) -> list[str]:
    """The pages that are there of those that *patterns* name, each once."""
    every = sorted(str(path.with_suffix("").relative_to(DOCS)) for path in DOCS.rglob("*.md"))
    found = [
        one for pattern in patterns for one in every if fnmatch(one, pattern) and one.count("/") == pattern.count("/")
    ]
    return list(dict.fromkeys(found))


def _tree(pages: list[str], caption: str, *, hidden: bool = True) -> str:
    options = [":hidden:"] * hidden + [f":caption: {caption}"] * bool(caption) + [":maxdepth: 1"]
    return "\n".join(["", "", "```{toctree}", *options, "", *pages, "```", ""]) if pages else ""
