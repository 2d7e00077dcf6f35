"""The page that says what is kept and what is better names only tests that there are."""

from __future__ import annotations

import re

from fixtures.source import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "compatibility.md"
NAMED = re.compile(r"`((?:\w+/)?test_\w+)(?:::(test_\w+))?`")


def test_every_test_that_is_named_is_there():
    missing = []
    for module, name in NAMED.findall(PAGE.read_text("utf-8")):
        path = REPOSITORY / "tests" / (f"{module}.py" if "/" in module else f"clusters/{module}.py")
        if not path.exists() or (name and f"def {name}(" not in path.read_text("utf-8")):
            missing.append(f"{module}::{name}")
    assert missing == []


def test_the_page_names_tests():
    assert len(NAMED.findall(PAGE.read_text("utf-8"))) > 60
