"""Who types what the tutorial says sees what it shows: every block in order, beside a demo that is small and otherwise the same."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from evistore.delivery.validation import judge
from fixtures.commands import PROGRAM, environment
from fixtures.guides import DOCS, Ran, blocks, looks_like, run

PAGE = DOCS / "tutorial.md"
TYPED = "http://127.0.0.1:8080"
SMALL = ("--services", "5", "--clusters", "3", "--days", "3", "--port", "0")


@dataclass(frozen=True)
class Demo:
    """A demo that runs, and what a reader types beside it."""

    url: str
    folder: Path
    said: str

    def type(self, count: int | None = None) -> list[Ran]:
        """Type the first *count* blocks that follow the start, or all."""
        _, *rest = blocks(PAGE, "sh")
        last = rest[-1 if count is None else count - 1]
        found = [one for one in blocks(PAGE) if rest[0].line <= one.line <= last.line + (1000 if count is None else 0)]
        return list(run(found, {}, self.folder, (TYPED, self.url)))


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="evistore-") as name:
        folder = Path(name)
        (folder / ".venv").symlink_to(PROGRAM.parents[1])
        with subprocess.Popen(
            [PROGRAM, "demo", *SMALL], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            said = ""
            while not (found := re.search(r"^Look at (http://[\d.:]+)/.*\n", said, re.MULTILINE)):
                line = process.stdout.readline()
                assert line, said
                said += line
            yield Demo(found[1], folder, found[0])
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def typed(demo: Demo) -> list[Ran]:
    """Every block after the start, typed."""
    return demo.type()


def test_the_start_is_a_clone_and_the_demo(demo):
    first, said = blocks(PAGE)[:2]
    assert first.text.splitlines()[-1] == "make demo"
    assert looks_like(demo.said.replace(demo.url, TYPED), said.text)


def test_every_block_prints_what_the_page_shows(typed):
    assert len(typed) == len(blocks(PAGE, "sh")) - 1
    assert [
        (one.block.line, one.printed) for one in typed if one.shown and not looks_like(one.printed, one.shown)
    ] == []
    assert [one.block.line for one in typed if one.printed.strip() and not one.shown] == []


def test_what_is_sent_again_is_a_duplicate(demo, typed):
    change = demo.type(2)[-1]
    assert '"outcome":"duplicate"' in change.printed


def test_every_address_answers(demo, typed):
    addresses = sorted(set(re.findall(rf"<({TYPED}/[^>]*)>", PAGE.read_text("utf-8"))))
    assert len(addresses) >= 4
    answers = {one: httpx.get(one.replace(TYPED, demo.url), timeout=30, follow_redirects=True) for one in addresses}
    assert {one: answer.status_code for one, answer in answers.items()} == dict.fromkeys(addresses, 200)
    assert [one for one in answers if "service" in one or "changes" in one] == [
        one for one, answer in answers.items() if "tutorial/hello" in answer.text
    ]


def test_the_service_is_drawn_with_its_provenance(demo, typed):
    artifact = httpx.get(f"{demo.url}/api/delivery/v1/running?service=tutorial/hello", timeout=30).json()["items"][0][
        "artifact_id"
    ]
    page = httpx.get(f"{demo.url}/artifact", params={"id": artifact}, timeout=30)
    assert page.status_code == 200
    assert {one for one in ("tutorial/hello/build/1", "tutorial/hello!1", "prod-eu") if one in page.text} == {
        "tutorial/hello/build/1",
        "tutorial/hello!1",
        "prod-eu",
    }


def test_all_events_but_the_one_that_is_meant_to_be_wrong_are_valid(demo, typed):
    found = [
        one
        for source in ("git", "ci", "deploy")
        for one in httpx.get(f"{demo.url}/api/delivery/v1/events?source=https://{source}.example.com/tutorial").json()[
            "items"
        ]
    ]
    verdicts = {one["payload"]["context"]["id"]: judge(one["payload"]).state for one in found}
    assert [name for name, state in verdicts.items() if state != "valid"] == ["hello-deployment-3"]
    assert len(verdicts) == 6
