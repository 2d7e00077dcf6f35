"""Files of events go in whole, from where they were left, and say what became of each."""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import zstandard

from evistore.delivery.history import history
from evistore.kernel.documents import LARGEST
from fixtures.commands import PROGRAM, environment, evistore

pytestmark = pytest.mark.parametrize("engine", ["native"], indirect=True)
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Some hundred events."""
    return list(history(services=5, days=5, until=UNTIL))


def stored(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone()[0]


def set_aside(url: str) -> dict[str, str]:
    """The reason of every message in quarantine, by its origin."""
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT origin, reason FROM cdviz.quarantine").fetchall())


def ingest(url: str, *words: str | Path, given: bytes = b"", **settings: str) -> tuple[int, dict]:
    """The exit status, and what was told of the first file."""
    done = evistore("ingest", "--json", *words, settings={"database_url": url, **settings}, given=given)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)["files"][0]


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, zstandard.compress, lambda raw: gzip.compress(raw[:500]) + gzip.compress(raw[500:])],
    ids=["plain", "gzip", "zstandard", "two gzip members"],
)
@pytest.mark.parametrize("form", ["lines", "array", "pretty"])
def test_every_form_goes_in(delivery_url, tmp_path, texts, pack, form):
    documents = [json.loads(text) for text in texts[:40]]
    content = {
        "lines": "\n".join(texts[:40]),
        "array": "[" + ",".join(texts[:40]) + "]",
        "pretty": json.dumps(documents, indent=2),
    }[form]
    path = tmp_path / "events"
    path.write_bytes(pack(content.encode()))
    status, told = ingest(delivery_url, path)
    assert (status, told["stored"], stored(delivery_url)) == (0, 40, 40)


def test_one_document_is_one_event(delivery_url, tmp_path, texts):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(json.loads(texts[0]), indent=4), "utf-8")
    assert ingest(delivery_url, path)[1]["stored"] == 1


def test_a_bad_line_costs_no_other_and_is_found_by_its_line(delivery_url, tmp_path, texts):
    lines = [
        b"\xef\xbb\xbf" + texts[0].encode() + b"\r",
        b"",
        b"{bad",
        texts[1].encode() + b"\r",
        b"  ",
        b"\xff\xfe\x00garbage",
        b'{"context": {"id": "a \\u0000"}}',
        b"{}",
        texts[2].encode(),
        texts[0].encode(),
    ]
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(lines))
    status, told = ingest(delivery_url, path)
    assert (status, told["stored"], told["duplicate"], told["malformed"]) == (1, 3, 1, 4)
    assert set_aside(delivery_url) == {
        "file:events.ndjson:3": "not-json",
        "file:events.ndjson:6": "invalid-utf8",
        "file:events.ndjson:7": "nul-character",
        "file:events.ndjson:8": "context-missing",
    }


def test_a_broken_element_costs_no_other_element(delivery_url, tmp_path, texts):
    path = tmp_path / "events.json"
    path.write_text(f'[{texts[0]},{{"a":tru}},{texts[1]}]', "utf-8")
    status, told = ingest(delivery_url, path)
    assert (status, told["stored"], told["reasons"]) == (1, 2, {"not-json": 1})


def test_a_line_beyond_all_bounds_is_one_bad_line(delivery_url, tmp_path, texts):
    path = tmp_path / "events.ndjson"
    with path.open("wb") as file:
        file.write(texts[0].encode() + b"\n" + b'{"a":"')
        for _ in range(LARGEST // (1024 * 1024) + 5):
            file.write(b"x" * 1024 * 1024)
        file.write(b'"}\n' + texts[1].encode())
    status, told = ingest(delivery_url, path)
    assert (status, told["stored"], told["reasons"]) == (1, 2, {"too-large": 1})
    with psycopg.connect(delivery_url) as connection:
        assert connection.execute("SELECT octet_length(raw) FROM cdviz.quarantine").fetchone()[0] <= 65536


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstandard"])
def test_a_cut_archive_gives_what_it_has_and_says_that_it_is_cut(delivery_url, tmp_path, texts, pack):
    packed = pack("\n".join(texts).encode())
    path = tmp_path / "events"
    path.write_bytes(packed[: len(packed) // 2])
    status, told = ingest(delivery_url, path)
    assert (status, told["fault"]) == (1, "file-damaged")
    assert stored(delivery_url) == told["stored"]


def test_damage_in_an_archive_is_told_and_no_traceback(delivery_url, tmp_path, texts):
    packed = bytearray(gzip.compress("\n".join(texts).encode()))
    packed[len(packed) // 2 :] = random.Random(1).randbytes(2000)
    path = tmp_path / "events.gz"
    path.write_bytes(packed)
    assert ingest(delivery_url, path)[1]["fault"] == "file-damaged"


def test_a_file_that_is_not_there_costs_no_other(delivery_url, tmp_path, texts):
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(texts[:3]), "utf-8")
    done = evistore("ingest", "--json", tmp_path / "nothing", path, settings={"database_url": delivery_url})
    told = json.loads(done.stdout)["files"]
    assert (done.returncode, told[0]["fault"], told[1]["stored"]) == (1, "file-unreadable", 3)


def test_an_empty_file_is_fine(delivery_url, tmp_path):
    (tmp_path / "empty").touch()
    assert ingest(delivery_url, tmp_path / "empty") == (0, ingest(delivery_url, tmp_path / "empty")[1])


def test_a_file_is_read_once_until_it_changes_or_is_asked_for_again(delivery_url, tmp_path, texts):
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(texts[:10]), "utf-8")
    assert ingest(delivery_url, path)[1]["stored"] == 10
    assert ingest(delivery_url, path)[1]["skipped"] == 10
    again = ingest(delivery_url, "--from-start", path)[1]
    assert (again["skipped"], again["duplicate"]) == (0, 10)
    assert ingest(delivery_url, path)[1]["skipped"] == 10
    path.write_text("\n".join(texts[:12]), "utf-8")
    grown = ingest(delivery_url, path)[1]
    assert (grown["skipped"], grown["duplicate"], grown["stored"]) == (0, 10, 2)


def test_standard_input_is_a_file_without_memory(delivery_url, texts):
    given = "\n".join(texts[:5]).encode()
    assert ingest(delivery_url, "-", given=given)[1]["stored"] == 5
    assert ingest(delivery_url, "-", given=given)[1]["duplicate"] == 5


def test_in_mode_reject_an_invalid_event_is_refused_and_kept_aside(delivery_url, tmp_path, texts):
    event = json.loads(texts[0])
    event["subject"]["content"] = "not an object"
    path = tmp_path / "events.json"
    path.write_text(json.dumps(event), "utf-8")
    status, told = ingest(delivery_url, path, validation="reject")
    assert (status, told["refused"], told["reasons"]) == (1, 1, {"schema": 1})
    assert set_aside(delivery_url) == {"file:events.json:1": "schema"}
    status, told = ingest(delivery_url, "--from-start", "--validation", "mark", path)
    assert (status, told["stored"]) == (0, 1)


@pytest.mark.parametrize("form", ["lines", "array"])
def test_killed_at_any_moment_it_goes_on_and_loses_and_doubles_nothing(delivery_url, tmp_path, form):
    texts = list(history(services=60, days=30, until=UNTIL))
    path = tmp_path / "events"
    path.write_text("\n".join(texts) if form == "lines" else "[" + ",\n".join(texts) + "]", "utf-8")
    chance = random.Random(3)
    for wanted in (1, len(texts) // 3, len(texts) // 2):
        with subprocess.Popen(
            [PROGRAM, "ingest", path],
            env=environment(database_url=delivery_url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            give_up = time.monotonic() + 120
            while stored(delivery_url) < wanted and process.poll() is None:
                assert time.monotonic() < give_up
                time.sleep(0.02)
            time.sleep(chance.random() * 0.3)
            process.kill()
    before = stored(delivery_url)
    status, told = ingest(delivery_url, path)
    assert (status, told["duplicate"], told["skipped"]) == (0, 0, before)
    assert stored(delivery_url) == len(texts) == len(set(texts))


def test_two_processes_on_one_file_do_not_double_it(delivery_url, tmp_path):
    texts = list(history(services=40, days=20, until=UNTIL))
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(texts), "utf-8")
    both = [
        subprocess.Popen(
            [PROGRAM, "ingest", path],
            env=environment(database_url=delivery_url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    ended = Counter(process.wait(240) for process in both)
    assert ended.keys() <= {0, 4}
    assert ended[0] >= 1
    assert stored(delivery_url) == len(texts)


def test_memory_does_not_grow_with_the_file(delivery_url, tmp_path, texts):
    event = json.loads(texts[0])
    with zstandard.open(tmp_path / "events.zst", "wb") as file:
        file.write(b"[")
        for number in range(3000):
            event["context"]["id"] = f"large-{number}"
            event["customData"] = {"log": f"{number} " * 8000}  # some 40 kB, so 120 MB in all
            file.write((b"," if number else b"") + json.dumps(event).encode())
        file.write(b"]")
    with subprocess.Popen(
        [PROGRAM, "ingest", tmp_path / "events.zst"],
        env=environment(database_url=delivery_url),
        stdout=subprocess.DEVNULL,
    ) as process:
        most = 0
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(0.02)
    assert (process.returncode, stored(delivery_url)) == (0, 3000)
    assert 20 < most < 200  # MB


def resident(number: int) -> int:
    """The most memory that the process had so far, in MB; 0 when it is gone."""
    try:
        told = Path(f"/proc/{number}/status").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s*(\d+) kB", told)
    return int(found[1]) // 1024 if found else 0
