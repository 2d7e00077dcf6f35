"""The pictures of the architecture are those of the code."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from fixtures.pictures import DIRECTORY, PICTURES, unreached
from fixtures.source import REPOSITORY

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_make_reference_draws(name):
    assert (DIRECTORY / name).read_text("utf-8") == PICTURES[name]()


def test_no_picture_is_left_over():
    shown = "".join(
        page.read_text("utf-8") for page in (REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md"))
    )
    taken = {path.name for path in DIRECTORY.iterdir()} - set(PICTURES)

    assert set(PICTURES) <= {path.name for path in DIRECTORY.iterdir()}
    assert [name for name in sorted(taken) if f"pictures/{name}" not in shown] == []


def test_every_door_of_the_pictures_leads_to_the_one_way_in():
    assert list(unreached()) == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_in_words_what_it_shows_and_asks_nobody(name):
    text = (DIRECTORY / name).read_text("utf-8")
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text
    assert len(root.find(f"{SVG}desc").text) > 100
    assert re.findall(r"(?:href|url\(|@import)", text) == []
    assert "prefers-color-scheme: dark" in text
