"""What a log line holds when something breaks: where it broke, and no data."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import sys
import structlog
from evistore.kernel import logs

def inner(password):
    body = ["line of a request"] * 3
    try:
        {}[len(password) + len(body)]
    except KeyError as error:
        raise ValueError("it broke") from error

logs.configure(sys.argv[1])
try:
    inner("hunter2-".upper() + "tail")
except ValueError:
    structlog.get_logger("test").exception("a request failed", path="/x")
"""


def logged(form: str) -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM, form], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_tells_where_it_broke_and_no_values_of_variables(form):
    told = logged(form)

    assert "a request failed" in told
    assert "it broke" in told
    assert "inner" in told
    assert "HUNTER2" not in told
    assert "line of a request'" not in told


def test_for_machines_a_traceback_is_one_line_with_every_frame_and_cause():
    (line,) = logged("json").splitlines()

    first, cause = json.loads(line)["exception"]
    assert (first["exc_type"], cause["exc_type"]) == ("ValueError", "KeyError")
    assert first["frames"][-1]["name"] == "inner"
    assert [frame for frame in first["frames"] if frame.get("locals")] == []
