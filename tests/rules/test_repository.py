"""What must never stand in a file of this repository."""

from __future__ import annotations

import re

import pytest

from fixtures.source import REPOSITORY, named, tracked

# Put together here, so that this file may hold what it forbids.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(work|home/\w+|Users/\w+|root)/[\w.]"),
    "work left for later": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"),
    "a test that cannot fail": re.compile(r"^\s*assert " + r"True\s*$", re.MULTILINE),
    "the host of a package registry": re.compile(
        r"https?://[\w.-]*(pypi|pythonhosted|npmjs|maven\.org|maven2|crates\.io)[\w./-]*"
    ),
    "a merge that was not finished": re.compile(r"^(<{7}|>{7}) ", re.MULTILINE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    files = [path for path in tracked() if FORBIDDEN[what].search(path.read_text("utf-8", "replace"))]
    assert [named(path) for path in files] == []


def test_every_text_file_is_utf_8_and_ends_with_a_newline():
    odd = [
        path
        for path in tracked()
        if path.stat().st_size and not (path.read_bytes().endswith(b"\n") and _is_utf_8(path))
    ]
    assert [named(path) for path in odd if "corpus" not in path.parts] == []


def _is_utf_8(path) -> bool:
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_nothing_generated_is_kept():
    assert [
        named(path)
        for path in tracked()
        if {"__pycache__", "node_modules", ".venv"} & set(path.relative_to(REPOSITORY).parts)
    ] == []


def test_what_a_stranger_reads_first_is_there():
    for name in ("README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", ".ci/run"):
        assert (REPOSITORY / name).read_text("utf-8").strip(), name
