"""JSON read the way clients are used to: the first value of a text, and one fixed sentence for each way in which it can be wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from evistore.kernel.errors import Rejected

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"t": "true", "f": "false", "n": "null"}
_DEEP = 1_000
_DEEPEST = 10_000
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Broken(Exception):  # noqa: N818  # it is told to the caller as a sentence
    """What is wrong with a text, in words."""


def is_json(text: bytes) -> bool:
    """Whether *text* is one JSON value and nothing else."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return _is_json_after_all(text)  # half surrogate pairs and great depth, which are no reason for others
    return True


def _is_json_after_all(text: bytes) -> bool:
    if b"\\u" not in text and text.count(b"[") + text.count(b"{") < _DEEP:
        return False
    try:
        whole = text.decode()
        _, end = _first(whole)
    except (UnicodeDecodeError, _Broken):
        return False
    return _SPACE.fullmatch(whole, end) is not None


def first_value(text: bytes) -> Any:
    """The first JSON value of *text*; what follows is not looked at. Bytes that are no UTF-8, and half surrogate pairs, become U+FFFD.

    Raises:
        Rejected: ``body-missing``, there is no value; ``not-json``, there is a broken one.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _slowly(text.decode("utf-8", "surrogateescape"))


def _slowly(text: str) -> Any:
    try:
        start, end = _first(text)
        value = json.loads(text[start:end], parse_int=_number, parse_float=float)
    except _Broken as error:
        raise Rejected(str(error), code="not-json") from error
    except RecursionError as error:
        raise Rejected("exceeded max depth", code="not-json") from error
    return _mended(value)


def _number(digits: str) -> int | float:
    """The whole number, or what is no whole number any more for its size."""
    return int(digits) if len(digits) < 20 else float(digits)  # noqa: PLR2004  # digits of 64 bits


def _mended(value: Any) -> Any:
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [_mended(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {_mended(name): _mended(one) for name, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def _first(text: str) -> tuple[int, int]:
    """Where the first value of *text* begins and ends.

    Raises:
        Rejected: there is none.
        _Broken: it is not JSON.
    """
    at = start = _skip(text, 0)
    if at == len(text):
        raise Rejected("client didn't provide request body", code="body-missing")
    closing: list[str] = []
    at = _value(text, at, closing)
    while closing:
        at = _skip(text, at)
        at = _after_member(text, at, closing) if closing[-1] == "}" else _after_item(text, at, closing)
    return start, at


def _value(text: str, at: int, closing: list[str]) -> int:
    """Behind the first scalar or empty thing at *at*; the ends of what was opened on the way are added to *closing*."""
    while (sign := _at(text, at)) in "{[":
        if len(closing) == _DEEPEST:
            raise _Broken("exceeded max depth")
        at, end = _skip(text, at + 1), "}" if sign == "{" else "]"
        if _at(text, at) == end:
            return at + 1
        closing.append(end)
        at = _key(text, at) if end == "}" else at
    if sign == '"':
        return _string(text, at)
    if sign in "-0123456789":
        return _numeric(text, at)
    if sign in _WORDS:
        return _word(text, at, _WORDS[sign])
    raise _wrong(sign, "looking for beginning of value")


def _key(text: str, at: int) -> int:
    """Where the value begins of the member whose name stands at *at*."""
    if _at(text, at) != '"':
        raise _wrong(_at(text, at), "looking for beginning of object key string")
    at = _skip(text, _string(text, at))
    if _at(text, at) != ":":
        raise _wrong(_at(text, at), "after object key")
    return _skip(text, at + 1)


def _after_member(text: str, at: int, closing: list[str]) -> int:
    match _at(text, at):
        case ",":
            return _value(text, _key(text, _skip(text, at + 1)), closing)
        case "}":
            closing.pop()
            return at + 1
        case sign:
            raise _wrong(sign, "after object key:value pair")


def _after_item(text: str, at: int, closing: list[str]) -> int:
    match _at(text, at):
        case ",":
            return _value(text, _skip(text, at + 1), closing)
        case "]":
            closing.pop()
            return at + 1
        case sign:
            raise _wrong(sign, "after array element")


def _string(text: str, at: int) -> int:
    match = _STRING.match(text, at)
    end = match.end() if match else at
    if _at(text, end) == '"':
        return end + 1
    if text[end] != "\\":
        raise _wrong(text[end], "in string literal")
    if _at(text, end + 1) != "u":
        raise _wrong(text[end + 1], "in string escape code")
    while _at(text, end + 2) in "0123456789abcdefABCDEF":
        end += 1
    raise _wrong(text[end + 2], "in \\u hexadecimal character escape")


def _numeric(text: str, at: int) -> int:
    match = _NUMBER.match(text, at)
    if match is None:
        raise _wrong(_at(text, at + 1), "in numeric literal")
    end = match.end()
    rest = text[end : end + 2]
    if rest[:1] == "." and not {".", "e", "E"} & set(match[0]):
        raise _wrong(_at(text, end + 1), "after decimal point in numeric literal")
    if rest[:1] in ("e", "E") and not {"e", "E"} & set(match[0]):
        raise _wrong(_at(text, end + 1 + (rest[1:] in ("+", "-"))), "in exponent of numeric literal")
    return end


def _word(text: str, at: int, word: str) -> int:
    for place, wanted in enumerate(word):
        if _at(text, at + place) != wanted:
            raise _wrong(text[at + place], f"in literal {word} (expecting {wanted!r})")
    return at + len(word)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _at(text: str, at: int) -> str:
    if at >= len(text):
        raise _Broken("unexpected EOF")
    return text[at]


def _wrong(sign: str, where: str) -> _Broken:
    return _Broken(f"invalid character {_quoted(sign)} {where}")


def _quoted(sign: str) -> str:
    """The *sign* in single quotes, by its first byte where it has several, as clients are told."""
    code = sign.encode("utf-8", "surrogateescape")[0]
    named = {0x07: "\\a", 0x08: "\\b", 0x0C: "\\f", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x0B: "\\v"}
    if sign == "'":
        return "'\\''"
    if sign == "\\":
        return "'\\\\'"
    if code in named:
        return f"'{named[code]}'"
    return f"'{chr(code)}'" if chr(code).isprintable() else f"'\\x{code:02x}'" if code < 0x80 else f"'\\u{code:04x}'"  # noqa: PLR2004  # ASCII
