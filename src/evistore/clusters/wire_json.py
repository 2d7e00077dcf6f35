"""JSON as pieces of text: cut apart where it must be, and otherwise left as it was sent.

A piece is one JSON value without white space around it. Names that Go's decoder would take for each other are told
here, and half a surrogate pair becomes U+FFFD wherever a text is read, as in Go; the pieces themselves keep it.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise

import msgspec

from evistore.clusters.wire_values import Fault

NULL = b"null"
SPACE = b" \t\r\n"
MOST_COMMAS = 400_000  # a part costs some hundred bytes of memory, and may be sent as two

TOO_DEEP = Fault("", "too-deep", "the value is nested too deeply")

_KINDS = {
    ord("{"): "object",
    ord("["): "array",
    ord('"'): "string",
    ord("n"): "null",
    ord("t"): "bool",
    ord("f"): "bool",
}
_ANY = msgspec.json.Decoder(msgspec.Raw)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_STRING = msgspec.json.Decoder(str)

_TEXT = rb'"(?:[^"\\]++|\\.)*+"'
_MARK = re.compile(_TEXT + rb"|[\[\]{},:]", re.DOTALL)
_BLANK = re.compile(rb"(" + _TEXT + rb")|[ \t\r\n]++", re.DOTALL)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)
_HTML = (("<", r"\u003c"), (">", r"\u003e"), ("&", r"\u0026"), ("\u2028", r"\u2028"), ("\u2029", r"\u2029"))


def damage(value: bytes) -> Fault | None:
    """Why *value* is not one JSON object, if it is not. Never raises.

    Nesting is bounded by the recursion limit of the interpreter, some 900 levels.
    """
    try:
        value.decode()
        _check(value)
    except UnicodeDecodeError as error:
        return Fault("", "not-utf8", f"the value is not UTF-8: byte {error.start} is wrong")
    except msgspec.DecodeError as error:
        return Fault("", "json-invalid", f"the value is not JSON: {_reason(error)}")
    except RecursionError:
        return TOO_DEEP
    if value.count(b",") > MOST_COMMAS:
        return Fault("", "too-large", f"the value has more than {MOST_COMMAS} parts")
    what = kind(value.strip(SPACE))
    return None if what == "object" else Fault("", "type-wrong", f"a message is a JSON object, not {what}")


def kind(piece: bytes) -> str:
    """What *piece* is, in the words of Go."""
    return _KINDS.get(piece[0], "number")


def members(piece: bytes) -> dict[str, bytes]:
    """The members of an object by their exact names; of a repeated name the last."""
    try:
        return {name: bytes(value) for name, value in _MEMBERS.decode(piece).items()}
    except msgspec.DecodeError:
        return dict(_pairs(piece))


def fields(piece: bytes) -> dict[str, tuple[str, bytes]]:
    """The members of an object by their names folded, with the names as sent; of names that are folded into one the last."""
    exact = members(piece)
    folded = {fold(name): (name, value) for name, value in exact.items()}
    if len(folded) == len(exact):
        return folded
    return {fold(name): (name, value) for name, value in _pairs(piece)}


def items(piece: bytes) -> list[bytes]:
    """The items of an array."""
    try:
        return [bytes(item) for item in _ITEMS.decode(piece)]
    except msgspec.DecodeError:
        return _parts(piece)


def text(piece: bytes) -> str:
    """The characters of a string."""
    try:
        return _STRING.decode(piece)
    except msgspec.DecodeError:
        return _STRING.decode(_mended(piece))


def integer(piece: bytes, least: int, most: int) -> int | None:
    """The number, if it is written without point and exponent and lies between *least* and *most*."""
    digits = piece.removeprefix(b"-") if least < 0 else piece
    if not digits.isdigit() or len(digits) > len(str(most)):
        return None
    return number if least <= (number := int(piece)) <= most else None


def fold(name: str) -> str:
    """*name* as Go's decoder compares it: without regard to case, with the sign of Kelvin as k and the long s as s."""
    return name.lower().replace("\u017f", "s")


def pointer(at: str, name: str | int) -> str:
    """Where the member or item *name* of the value *at* stands."""
    return f"{at}/{name}" if isinstance(name, int) else f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


def canonical(piece: bytes) -> str:
    """An object as Go writes a map of raw values: names sorted, no white space, characters of HTML escaped.

    Nested names keep their order, numbers and escapes their spelling.
    """
    written = (f"{_quoted(name)}:{_compact(value)}" for name, value in sorted(members(piece).items()))
    whole = "{" + ",".join(written) + "}"
    for character, escape in _HTML:
        whole = whole.replace(character, escape)
    return whole


def _check(value: bytes) -> None:
    try:
        _ANY.decode(value)
    except msgspec.DecodeError:
        _ANY.decode(_mended(value))


def _reason(error: msgspec.DecodeError) -> str:
    reason = str(error).removeprefix("JSON is malformed: ")
    return "it ends too early" if reason == "Input data was truncated" else reason


def _mended(piece: bytes) -> bytes:
    """*piece* with U+FFFD for every escape that is half of a pair; nothing else moves, for both have six characters."""
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], piece)


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _compact(piece: bytes) -> str:
    try:
        return msgspec.json.format(piece, indent=-1).decode()
    except msgspec.DecodeError:
        return _BLANK.sub(rb"\1", piece).decode()


def _pairs(piece: bytes) -> list[tuple[str, bytes]]:
    """Every member of an object in order, whatever its name."""
    parts = _parts(piece)
    return [(text(name), value) for name, value in zip(parts[::2], parts[1::2], strict=True)]


def _parts(piece: bytes) -> list[bytes]:
    """What stands between the outermost brackets, commas and colons."""
    depth, cuts = 0, list[int]()
    for mark in _MARK.finditer(piece):
        opening, closing = mark[0] in (b"{", b"["), mark[0] in (b"}", b"]")
        depth += opening
        if depth == 1 and not mark[0].startswith(b'"'):
            cuts.append(mark.start())
        depth -= closing
    parts = [piece[start + 1 : end].strip(SPACE) for start, end in pairwise(cuts)]
    return parts if parts != [b""] else []
