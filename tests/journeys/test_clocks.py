"""Clocks that are wrong: a machine's that differs from the database's, and jumps; what counts is the database's, and nothing waits for a clock."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from fixtures.commands import PROGRAM, environment, evistore
from fixtures.histories import store, told
from fixtures.operating import running
from fixtures.parts import absent
from fixtures.receiving import receiving
from fixtures.serving import JSON, cdevent

HOUR = 3600
CLOCK = Path(__file__).parents[1] / "fixtures" / "clock.c"


@pytest.fixture
def clock(tmp_path):
    """Sets the clock of processes that are started with its variables: so many seconds off, at once and while they run."""
    if shutil.which("gcc") is None:
        absent("no compiler of C is installed: .ci/parts installs it")
    library = tmp_path / "clock.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, CLOCK, "-ldl"], check=True)
    file = tmp_path / "clock"

    def put(seconds):
        file.write_text(f"{seconds:+d}\n")

    put.variables = {"LD_PRELOAD": str(library), "TEST_CLOCK": str(file)}
    return put


def stamp(server):
    """What the server believes the time to be, against ours, in hours."""
    line = server.lines("request")[-1]["timestamp"]
    return round((time.mktime(time.strptime(line[:19], "%Y-%m-%dT%H:%M:%S")) - time.mktime(time.gmtime())) / HOUR)


def test_a_clock_that_is_hours_off_and_jumps_back_holds_up_no_request_and_no_webhook(database, clock, tmp_path):
    clock(3 * HOUR)
    with receiving() as receiver, running("serve", tmp_path, variables=clock.variables, database_url=database) as serve:
        assert evistore("webhooks", "add", "hook", receiver.url, settings={"database_url": database}).returncode == 0
        for off in (3, -2):
            clock(off * HOUR)
            event, began = cdevent(), time.monotonic()
            answer = httpx.post(f"{serve.url}/cdevents", content=json.dumps(event), headers=JSON)
            assert answer.status_code == 201
            receiver.wait_for(event["subject"]["id"])
            serve.until(lambda: serve.lines("request"))
            assert time.monotonic() - began < 10
            assert stamp(serve) == off
            assert serve.probe("/ready")[0] == 200
        signed_at = int(receiver.requests[-1].headers["webhook-timestamp"])

    assert (
        round((signed_at - time.time()) / HOUR) == -2
    )  # a signature is as wrong as the clock: receivers would refuse it
    with psycopg.connect(database) as connection:
        ages = connection.execute("SELECT extract(epoch FROM now() - imported_at) FROM cdviz.cdevents_lake").fetchall()
        (held,) = connection.execute("SELECT max(next_try_at) > now() + '5 min' FROM cdviz.webhook").fetchone()
    assert len(ages) == 2
    assert all(0 <= age < 200 for (age,) in ages)
    assert not held


def test_doctor_tells_a_clock_that_is_off(database, clock):
    clock(-2 * HOUR)
    done = subprocess.run(
        [PROGRAM, "doctor", "--json"],
        env=environment(database_url=database) | clock.variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (found,) = [one for one in json.loads(done.stdout)["findings"] if one["name"] == "clock"]
    assert (done.returncode, found["state"]) == (1, "bad")
    assert found["found"].startswith("7200") or found["found"].startswith("7199")


def test_maintenance_by_a_clock_that_is_years_ahead_deletes_nothing_whose_time_is_not_over(database, clock):
    now = datetime.now(UTC)
    with psycopg.connect(database, autocommit=True) as connection:
        store(connection, *[told("change.created", f"c-{n}", (now - timedelta(days=n)).isoformat()) for n in (1, 300)])
        clock(3 * 365 * 24 * HOUR)
        done = subprocess.run(
            [PROGRAM, "maintain", "--json"],
            env=environment(database_url=database) | clock.variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone() == (2,)
