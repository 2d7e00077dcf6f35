"""``evistore validate``: the verdict on every event of some files, one JSON line each."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import orjson
import zstandard

from evistore.delivery.remarks import Reason
from evistore.delivery.wire import Event, Malformed, decode_text
from evistore.kernel.files import documents
from evistore.kernel.packing import opened

ALL_VALID, SOME_INVALID, UNREADABLE = 0, 1, 2


def validate(files: list[Path], out: TextIO) -> int:
    """Write a line per event of *files* (``-`` is standard input) to *out*; the exit status.

    0: all are valid. 1: some are not, or no spec version knows their type, or they are no JSON. 2: a file could not be
    read; what could be was judged.
    """
    return max((_validate(path, out) for path in files), default=ALL_VALID)


def _validate(path: Path, out: TextIO) -> int:
    status = ALL_VALID
    try:
        for line in _lines(path):
            out.write(orjson.dumps(line).decode() + "\n")
            status = status if line["valid"] else SOME_INVALID
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return UNREADABLE
    return status


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with opened(path) as stream:
        yield from (told(decode_text(raw)) for raw in documents(stream))


def told(event: Event | Malformed) -> dict[str, Any]:
    """What is said of one event: the keys of a line of output."""
    if isinstance(event, Malformed):
        reason = {"path": "", "message": event.message}
        return {"valid": False, "spec_version": None, "type": None, "reasons": [reason], "warnings": []}
    verdict = event.verdict
    if verdict is None:
        raise ValueError("the event was decoded without a verdict")
    return {
        "valid": verdict.state == "valid",
        "spec_version": verdict.spec_version,
        "type": verdict.type,
        "reasons": _listed(verdict.reasons),
        "warnings": _listed((*verdict.warnings, *event.notes)),
    }


def _listed(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"path": reason.path, "message": reason.message} for reason in reasons]
