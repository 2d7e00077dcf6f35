"""Files of events, in every shape they come in, and the command that judges them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.delivery.validate_command import validate
from evistore.delivery.wire import Malformed, decode_text
from evistore.kernel import files
from evistore.kernel.files import documents
from evistore.kernel.packing import opened

VALID = {
    "context": {
        "specversion": "0.5.1",
        "id": "1",
        "source": "/a",
        "type": "dev.cdevents.build.started.0.3.0",
        "timestamp": "2026-03-02T08:15:00Z",
    },
    "subject": {"id": "ü\n[{,", "content": {}},
}
ONE = json.dumps(VALID)
PRETTY = json.dumps(VALID, indent=2, ensure_ascii=False)


def found(text: bytes) -> list[object]:
    """The values of the documents in *text*; the code of each that is none."""
    decoded = [decode_text(raw, judged=False) for raw in documents(io.BufferedReader(io.BytesIO(text)))]
    return [each.code if isinstance(each, Malformed) else each.document for each in decoded]


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{ONE}\n",
        f"{ONE}\r\n\r\n  {ONE}",
        f"[{ONE},{ONE}]",
        f"[\n{PRETTY} ,\n{PRETTY}\n]\n",
        f"{PRETTY}\n{PRETTY}\n",
        f"{PRETTY}{PRETTY}",
        f"{ONE}\n[{ONE}]",
        f"[{ONE}]\n[{ONE}]",
        f"[]\n{ONE}\n{ONE}",
        f"\ufeff{ONE}\n{ONE}",
        f"\ufeff[{ONE},{ONE}]",
    ],
)
def test_every_shape_of_file_gives_its_documents(text):
    assert found(text.encode()) == [VALID, VALID]


@pytest.mark.parametrize("text", ["", "\n\n", "[]", " [ ] "])
def test_an_empty_file_holds_no_document(text):
    assert found(text.encode()) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (b'{"a":1}\n{"a":\n{"a":2}\n', [{"a": 1}, "not-json", {"a": 2}]),
        (b'{"a":\n{"a":2}\n{"a":3}', ["not-json", {"a": 2}, {"a": 3}]),
        (b'{"a":1}\n{"a":"\xff"}\n{"a":2}', [{"a": 1}, "invalid-utf8", {"a": 2}]),
        (b'[{"a":1},\n{"a":tru},\n{"a":2}]', [{"a": 1}, "not-json", {"a": 2}]),
        (b'[{"a":1},\n{"a":"\xff"},{"a":2}]', [{"a": 1}, "invalid-utf8", {"a": 2}]),
        (b'[{"a":1},{"a":"\\u0000"},{"a":2}]', [{"a": 1}, "nul-character", {"a": 2}]),
        (b'[{"a":1},{"a":2}', [{"a": 1}, {"a": 2}, "not-json"]),
        (b'[{"a":1},{"a":', [{"a": 1}, "not-json", "not-json"]),
        (b'{"a":1}\n1\n"x"\n', [{"a": 1}, 1, "x"]),
        (b"garbage\nmore", ["not-json", "not-json"]),
    ],
)
def test_a_broken_document_costs_no_other_on_a_line_of_its_own(text, values):
    assert found(text) == values


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.floats(allow_nan=False) | st.none(), max_size=3),
        max_size=6,
    ),
    st.booleans(),
    st.integers(1, 9),
)
def test_documents_are_found_wherever_the_chunks_are_cut(values, pretty, chunk):
    text = json.dumps(values, indent=2 if pretty else None, ensure_ascii=False).encode("utf-8", "replace")
    parts = [text[at : at + chunk] for at in range(0, len(text), chunk)]
    assert [json.loads(raw) for _, raw in files._structural(iter(parts))] == json.loads(text)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=40) | st.text(alphabet='{}[],:"\\a1 \n', max_size=40).map(str.encode))
def test_any_bytes_come_apart_into_documents_that_are_not_empty(text):
    assert all(documents(io.BufferedReader(io.BytesIO(text))))


def packed(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress, lambda raw: zstandard.compress(raw) * 2])
def test_compression_is_told_by_the_first_bytes(tmp_path, pack):
    path = packed(tmp_path, "events", pack(f"{ONE}\n".encode() * 3))
    with opened(path) as stream:
        assert {json.loads(raw)["context"]["id"] for raw in documents(stream)} == {"1"}


def test_a_long_array_is_streamed(tmp_path):
    events = [
        ONE.replace("2026", hashlib.sha256(bytes([number % 256, number // 256])).hexdigest()).encode()
        for number in range(60_000)
    ]
    path = packed(tmp_path, "events.zst", zstandard.compress(b"[" + b",\n".join(events) + b"]"))
    tracemalloc.start()
    with opened(path) as stream:
        assert sum(1 for _ in documents(stream)) == len(events)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(b"".join(events)) / 2  # bytes


def test_many_broken_elements_cost_no_more_than_good_ones():
    text = b"[" + b",\n".join([b'{"a":tru}'] * 20_000) + b"]"
    assert len(found(text)) == 20_000


# -- evistore validate


def told(paths: list[Path]) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    status = validate(paths, out)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_validate_prints_a_line_for_every_event(tmp_path):
    path = packed(tmp_path, "events.ndjson", f"{ONE}\n{ONE}\n".encode())
    line = {
        "valid": True,
        "spec_version": "0.5.1",
        "type": "dev.cdevents.build.started.0.3.0",
        "reasons": [],
        "warnings": [],
    }
    assert told([path, path]) == (0, [line] * 4)


def test_validate_says_where_an_event_is_wrong_and_ends_with_1(tmp_path):
    wrong = {**VALID, "customData": 1}
    status, (line,) = told([packed(tmp_path, "event.json", json.dumps(wrong, indent=1).encode())])
    assert status == 1
    assert line["valid"] is False
    assert [(reason["path"], set(reason)) for reason in line["reasons"]] == [("/customData", {"path", "message"})]


def test_validate_ends_with_1_when_no_version_knows_the_type_or_a_line_is_no_json(tmp_path):
    unknown = ONE.replace("started.0.3.0", "started.9.9.9")
    status, lines = told([packed(tmp_path, "events", f"{unknown}\nno json\n{ONE}\n".encode())])
    assert status == 1
    assert [line["valid"] for line in lines] == [False, False, True]


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"{}\n" * 9, mtime=0)[:-9],
        zstandard.compress(b"{}\n" * 9)[:-1],
        zstandard.compress(b"{}") + b"junk",
        b"\x1f\x8bjunk",
    ],
)
def test_validate_ends_with_2_when_a_file_is_cut_or_damaged_and_still_reads_the_others(tmp_path, content, capsys):
    damaged, sound = packed(tmp_path, "damaged", content), packed(tmp_path, "sound", ONE.encode())
    status, lines = told([damaged, sound])
    assert status == 2
    assert lines[-1]["valid"] is True
    assert str(damaged) in capsys.readouterr().err


def test_validate_ends_with_2_when_a_file_is_not_there(tmp_path, capsys):
    assert told([tmp_path / "absent"]) == (2, [])
    assert "absent" in capsys.readouterr().err


def test_validate_reads_standard_input_for_a_dash(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ONE.encode())))
    assert told([Path("-")])[0] == 0
