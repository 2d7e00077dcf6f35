"""Checks of single values, each with the fault it finds: what a value must be, and what a column can hold."""

from __future__ import annotations

from collections.abc import Iterator

from evistore.clusters import wire_json
from evistore.clusters.wire_values import Fault

MOST_FAULTS = 1000
LONGEST_NAME = 2000  # bytes of all names in one key of an index, which holds at most 2704

_INT64 = 2**63
_ARTICLES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "bool": "a truth value",
    "null": "null",
    "number": "a number",
}


class Faults(list[Fault]):
    """The faults found so far, in order. Beyond the first thousand they are only noted to exist."""

    def add(self, at: str, code: str, text: str) -> None:
        """Note one more."""
        if len(self) < MOST_FAULTS:
            self.append(Fault(at, code, text))
        elif len(self) == MOST_FAULTS:
            self.append(Fault("", "faults-omitted", "and more"))

    def add_type(self, at: str, wanted: str, piece: bytes) -> None:
        """Note that the value at *at* is of another kind than *wanted*."""
        told = _ARTICLES[wire_json.kind(piece)]
        self.add(at, "type-wrong", f"{at} must be {_ARTICLES.get(wanted, wanted)}, not {told}")


def is_kind(piece: bytes, wanted: str, at: str, faults: Faults) -> bool:
    """Whether *piece* is of the kind *wanted*; anything else but null is a fault."""
    kind = wire_json.kind(piece)
    if kind not in (wanted, "null"):
        faults.add_type(at, wanted, piece)
    return kind == wanted


def items(piece: bytes, at: str, faults: Faults) -> list[bytes]:
    """The items of a list; none of null, or of anything else, which is a fault."""
    return wire_json.items(piece) if is_kind(piece, "array", at, faults) else []


def objects(piece: bytes, at: str, faults: Faults) -> Iterator[tuple[str, bytes]]:
    """The items of a list of objects with their places; null counts as an object without members."""
    for number, item in enumerate(items(piece, at, faults)):
        place = f"{at}/{number}"
        yield place, item if is_kind(item, "object", place, faults) else b"{}"


def text(piece: bytes, at: str, faults: Faults) -> str:
    """The characters of a text; none of null, or of anything else, which is a fault."""
    return wire_json.text(piece) if is_kind(piece, "string", at, faults) else ""


def name(piece: bytes, at: str, faults: Faults) -> str:
    """As :func:`text`, for a column: the character NUL cannot be stored and is a fault."""
    found = text(piece, at, faults)
    if "\0" in found:
        faults.add(at, "nul-character", f"{at} holds the character NUL, which cannot be stored")
    return found


def check_text(piece: bytes, at: str, faults: Faults) -> None:
    """Find that *piece* is neither a text nor null."""
    is_kind(piece, "string", at, faults)


def check_texts(piece: bytes, at: str, faults: Faults) -> None:
    """Find what is no text, nor null, in a list; also that it is no list."""
    for number, item in enumerate(items(piece, at, faults)):
        check_text(item, f"{at}/{number}", faults)


def check_objects(piece: bytes, at: str, faults: Faults) -> None:
    """Find what is no object, nor null, in a list; also that it is no list."""
    for number, item in enumerate(items(piece, at, faults)):
        if wire_json.kind(item) not in ("object", "null"):
            faults.add_type(f"{at}/{number}", "object", item)


def check_object(piece: bytes, at: str, faults: Faults) -> None:
    """Find that *piece* is neither an object nor null."""
    is_kind(piece, "object", at, faults)


def check_truth(piece: bytes, at: str, faults: Faults) -> None:
    """Find that *piece* is neither true nor false nor null."""
    is_kind(piece, "bool", at, faults)


def check_integer(piece: bytes, at: str, faults: Faults) -> None:
    """Find that *piece* is neither an integer of 64 bits nor null."""
    if is_kind(piece, "number", at, faults) and wire_json.integer(piece, -_INT64, _INT64 - 1) is None:
        faults.add(at, "type-wrong", f"{at} must be an integer of 64 bits")


def check_length(names: tuple[str, ...], at: str, faults: Faults) -> None:
    """Find that *names* are too long for an index."""
    if len("".join(names).encode()) > LONGEST_NAME:
        faults.add(at, "name-too-long", f"{at} is identified by more than {LONGEST_NAME} bytes")
