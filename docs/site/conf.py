"""How Sphinx makes a site of the pages in docs/. `make docs` runs it; nothing of it needs the network."""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]

project = "Evistore"
version = release = _PROJECT["version"]
author = "the authors of Evistore"
language = "en"

extensions = ["myst_parser", "reading"]
exclude_patterns = ["site"]
root_doc = "index"
myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 4
suppress_warnings = [
    "misc.highlighting_failure"
]  # a shortened example is no error; tests read those that must be whole

html_theme = "furo"
html_title = "Evistore"
html_static_path = ["static"]
html_css_files = ["style.css"]
html_favicon = "../../src/evistore/web/static/icon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = None
html_use_index = False
pygments_style = "highlighting.Light"
pygments_dark_style = "highlighting.Dark"


def _colours(**named: str) -> dict[str, str]:
    """Variables of the theme and of the pictures: both have one palette, that of the program's own pages."""
    fonts = {
        "font-stack": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
        "font-stack--monospace": 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
    }
    of_theme = {
        "color-foreground-primary": "ink",
        "color-foreground-secondary": "quiet",
        "color-foreground-muted": "quiet",
        "color-foreground-border": "quiet",
        "color-background-primary": "ground",
        "color-background-secondary": "soft",
        "color-background-hover": "soft",
        "color-background-border": "line",
        "color-brand-primary": "accent",
        "color-brand-content": "accent",
        "color-brand-visited": "accent",
        "color-sidebar-link-text": "ink",
        "color-sidebar-link-text--top-level": "ink",
        "color-link": "accent",
        "color-link--visited": "accent",
        "color-sidebar-background": "ground",
        "color-sidebar-background-border": "line",
        "color-inline-code-background": "soft",
        "color-code-background": "soft",
        "color-table-header-background": "ground",
        "color-table-border": "line",
    }
    pictures = {f"picture-{name}": value for name, value in named.items()} | {"picture-line": named["firm"]}
    return fonts | {name: named[one] for name, one in of_theme.items()} | pictures


html_theme_options = {
    "navigation_with_keys": True,
    "top_of_page_buttons": [],
    "light_css_variables": _colours(
        ground="#ffffff",
        ink="#16191d",
        quiet="#59626d",
        line="#e2e6ea",
        firm="#c4cbd2",
        soft="#f5f7f9",
        accent="#0b57a4",
    ),
    "dark_css_variables": _colours(
        ground="#121518",
        ink="#e3e7eb",
        quiet="#98a3ae",
        line="#272c32",
        firm="#434b54",
        soft="#1a1e22",
        accent="#7fb8f3",
    ),
}
