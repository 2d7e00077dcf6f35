"""A stranger's first two minutes, made small."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from datetime import datetime

import httpx

from evistore.delivery.history import history
from fixtures.commands import PROGRAM, environment, evistore

SMALL = ("--exit", "--services", "6", "--clusters", "20", "--days", "6")


def test_a_demo_starts_from_nothing_and_continues_where_it_was(tmp_path):
    data = tmp_path / "data"
    first = evistore("demo", *SMALL, "--port", "0", "--data-directory", data, folder=tmp_path)
    assert first.returncode == 0, first.stderr
    assert re.search(r"^all +\d", first.stdout, re.MULTILINE)
    assert re.search(r"^prod-eu +\d", first.stdout, re.MULTILINE)
    assert re.search(r"^GET http://127\.0\.0\.1:\d+/health: 200$", first.stdout, re.MULTILINE)
    assert "in quarantine" in first.stdout
    assert re.search(r"^together +20 +\d", first.stdout, re.MULTILINE)
    assert re.search(r"^resolved recommendations +\d", first.stdout, re.MULTILINE)
    assert (data / "postgresql" / "PG_VERSION").is_file()

    again = evistore("demo", *SMALL, "--port", "0", "--data-directory", data, folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "is there already" in again.stdout
    assert "The reports are there already" in again.stdout
    assert totals(again.stdout) == totals(first.stdout)
    assert fleet(again.stdout) == fleet(first.stdout)


def test_a_taken_port_does_not_stop_the_demo(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = evistore("demo", *SMALL, "--port", str(port), "--data-directory", tmp_path / "data", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Port {port} is taken" in done.stdout


def test_the_demo_never_writes_into_somebody_elses_database(tmp_path):
    away = {"database_url": "postgresql://localhost:1/production"}
    done = evistore(
        "demo", *SMALL, "--port", "0", "--data-directory", tmp_path / "data", settings=away, folder=tmp_path
    )
    assert done.returncode == 0, done.stderr


def fleet(told: str) -> list[str]:
    """The lines about clusters: of each organisation, of all, and of messages that were no reports."""
    return re.search(r"^organisation +clusters.*?^faulty messages +\d+$", told, re.MULTILINE | re.DOTALL)[
        0
    ].splitlines()


def totals(told: str) -> list[str]:
    """The figures of the line over all subjects."""
    return re.search(r"^all +(.*)$", told, re.MULTILINE)[1].split()


def test_a_demo_that_was_killed_goes_on_where_it_was(tmp_path):
    words = [
        "demo",
        "--exit",
        "--services",
        "40",
        "--clusters",
        "12",
        "--days",
        "20",
        "--port",
        "0",
        "--data-directory",
        str(tmp_path / "data"),
    ]
    with subprocess.Popen(
        [PROGRAM, *words], env=environment(), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as first:
        until = next(filter(None, (re.search(r"until (\S+)\)", line) for line in first.stdout)))[1]
        time.sleep(0.5)  # about half of what it takes
        first.kill()
    again = evistore(*words, folder=tmp_path)
    assert again.returncode == 0, again.stderr
    whole = sum(1 for _ in history(services=40, days=20, until=datetime.fromisoformat(until)))
    assert totals(again.stdout)[0] == f"{whole:,}"


def test_what_the_demo_says_to_try_works_while_it_serves(tmp_path):
    words = ["demo", *SMALL[1:], "--port", "0", "--data-directory", str(tmp_path / "data")]
    with subprocess.Popen(
        [PROGRAM, *words], env=environment(), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as demo:
        told = []
        for line in demo.stdout:
            told.append(line)
            if "curl" in line:
                break
        page = re.search(r"Look at (\S+)", "".join(told))[1]
        assert "prod-eu" in httpx.get(page).text
        assert "What is recommended" in httpx.get(re.search(r"and at (\S+)", "".join(told))[1]).text
        to_try = [line.split() for line in told if "evistore " in line and line.startswith("  ")]
        for line in to_try:
            done = evistore(*line[2:], settings={"data_directory": line[0].partition("=")[2]}, folder=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.strip()
        answer = httpx.get(re.search(r"curl '(\S+)'", told[-1])[1])
        assert answer.status_code == 200
        assert answer.json()["items"]
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
    assert len(to_try) == 2
