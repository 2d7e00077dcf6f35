"""The reference says what the program does."""

from __future__ import annotations

import ast
import re

import pytest

from fixtures.reference import DIRECTORY, PAGES
from fixtures.source import modules, sql_files

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|conflict|schema|overloaded")
LISTED = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_what_make_reference_writes(page):
    assert (DIRECTORY / page).read_text("utf-8") == PAGES[page]()


def told_by_python() -> set[str]:
    """Every code that a fault or a problem is given in the source."""
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                }
                found |= _first_words(node)
            elif isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "_CODE_OF_STATUS" for t in node.targets):
                found |= set(ast.literal_eval(node.value).values())
    return found


def _first_words(call: ast.Call) -> set[str]:
    """The code of `Malformed("code", …)` and `problem(400, "code", …)`."""
    place = {"Malformed": 0, "problem": 1}.get(getattr(call.func, "id", ""))
    if place is None or len(call.args) <= place or not isinstance(call.args[place], ast.Constant):
        return set()
    return {call.args[place].value}


def told_by_sql() -> set[str]:
    """Every reason under which the database itself sets a message aside."""
    fault = next(path for path in sql_files("definitions/function/*.sql") if path.stem == "envelope_fault").read_text(
        "utf-8"
    )
    return set(re.findall(r"'([a-z]+(?:-[a-z]+)+)'", fault)) | {"conflict"}


def test_every_code_is_explained_and_every_explained_code_is_used():
    listed = LISTED.findall((DIRECTORY / "errors.md").read_text("utf-8"))
    used = told_by_python() | told_by_sql() | {"schema"}
    assert sorted(listed) == sorted(used)


def test_codes_have_one_shape():
    assert [code for code in told_by_python() | told_by_sql() if not CODE.fullmatch(code)] == []
