"""JSON text that the database can hold: bytes are read, checked against what ``jsonb`` takes, and handed on unchanged.

``jsonb`` takes less than JSON allows: no NUL character, no half of a surrogate pair, no number beyond ``numeric``. Such
a text would fail a whole batch, so it is told apart here, each kind by a code of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import orjson

from evistore.kernel.errors import Rejected

DEEPEST = 200
LARGEST = 32 * 1024 * 1024

# Codes of texts that are proper JSON and still cannot be stored as it: evidence to be kept aside rather than refused.
UNSTORABLE = frozenset({"nul-character", "lone-surrogate", "number-range", "too-deep", "too-large"})

_WHITESPACE = b" \t\r\n"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# A number with an exponent or very many digits, or what looks like one inside a string: rare enough to look closer at.
_SUSPECT = re.compile(rb"[:\[,][ \t\r\n]*-?[0-9](?:[0-9.]*[eE][-+]?[0-9]+[ \t\r\n]*[,}\]]|[0-9.]{300})")
_NUMBER = re.compile(r'"(?:[^"\\]++|\\.)*+"|-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?', re.DOTALL)
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|([\[{])|[\]}]', re.DOTALL)
_OPENING = re.compile(r"[ \t\r\n]*[\[{][ \t\r\n]*")
_CLOSING = re.compile(r"[\]}]")
_KEY = re.compile(r'"((?:[^"\\]++|\\.)*+)"[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_FOLLOWER = re.compile(r"[ \t\r\n]*([,\]}])[ \t\r\n]*")
_LAST = re.compile(r"\][ \t\r\n]*\Z")
_SCALE = 16_000  # digits after the point: numeric ends at 16,383
_LONGEST_TOKEN = 12  # a surrogate pair, as two escapes
_EXPANSION = 1_000_000  # zeros that all exponents of a text may stand for together

# Finds where a value ends, in C; what it makes of the value is thrown away.
_SKIM = cast("Callable[[str, int], tuple[Any, int]]", json.JSONDecoder(parse_int=len, parse_float=len).scan_once)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # public by name, missing in the stubs


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON text and the value it stands for."""

    text: str
    value: Any


def read(raw: bytes) -> Document:
    """The one JSON document that *raw* is.

    Raises:
        Rejected: it is none (``empty-body``, ``byte-order-mark``, ``invalid-utf8``, ``not-a-number``, ``not-json``), or
            one that the database cannot hold (a code of ``UNSTORABLE``).
    """
    if len(raw) > LARGEST:
        raise Rejected(f"the text is longer than {LARGEST} bytes", code="too-large")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _explain(raw, str(error))
    text = raw.decode()
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _depth(text) > DEEPEST:
        raise _too_deep()
    if b"\\u0000" in raw and _NUL.search(raw):
        raise Rejected("the text holds a NUL character, which PostgreSQL cannot store", code="nul-character")
    if (_SUSPECT.search(raw) or isinstance(value, float)) and not _numbers_fit(text):
        raise Rejected("the text holds a number that PostgreSQL cannot store", code="number-range")
    return Document(text, value)


def elements(raw: bytes) -> list[bytes]:
    """The elements of the JSON array *raw*, each as it was sent, even when some hold what the database cannot.

    Raises:
        Rejected: *raw* is no JSON array (codes of :func:`read`), or nested too deep to be taken apart.
    """
    try:
        return [element.encode() for element in _elements(raw.decode())]
    except (UnicodeDecodeError, Rejected) as error:
        if isinstance(error, Rejected) and error.code == "too-deep":
            raise
        read(raw)
        raise Rejected("the text is not a JSON array", code="not-json") from None


def _elements(array: str) -> Iterator[str]:
    at = _matched(_OPENING, array, 0).end()
    more = _CLOSING.match(array, at) is None
    while more:
        end = _skim(array, at)
        yield array[at:end]
        at, more = _after(array, end)
    _matched(_LAST, array, at)


def member(text: str, name: str) -> str | None:
    """The text of the member *name* of *text*, the text of a JSON object, as it was sent; the last one when it stands twice.

    Raises:
        Rejected: the text is no JSON object, or nested too deep to be taken apart.
    """
    found: str | None = None
    at = _matched(_OPENING, text, 0).end()
    more = _CLOSING.match(text, at) is None
    while more:
        key = _matched(_KEY, text, at)
        end = _skim(text, key.end())
        if (json.loads(f'"{key[1]}"') if "\\" in key[1] else key[1]) == name:
            found = text[key.end() : end]
        at, more = _after(text, end)
    return found


def end_of_value(text: str, at: int) -> int | None:
    """Where the JSON value that starts at *at* of *text* ends; ``None`` when the text ends before it does.

    Raises:
        Rejected: no JSON value stands there, whatever follows.
    """
    try:
        return _SKIM(text, at)[1]
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string") or error.pos >= len(text) - _LONGEST_TOKEN:
            return None
    except StopIteration as stop:
        if stop.value >= len(text) - _LONGEST_TOKEN:
            return None
    except (RecursionError, ValueError):
        pass
    raise Rejected("the text is not JSON", code="not-json")


def _skim(text: str, at: int) -> int:
    """Where the JSON value that starts at *at* ends."""
    try:
        return _SKIM(text, at)[1]
    except RecursionError:
        raise _too_deep() from None
    except (StopIteration, ValueError):
        raise Rejected("the text is not JSON", code="not-json") from None


def _after(text: str, at: int) -> tuple[int, bool]:
    """Where the next element or member starts, and ``True``; or where the list or object ends, and ``False``."""
    follower = _matched(_FOLLOWER, text, at)
    return (follower.end(), True) if follower[1] == "," else (follower.start(1), False)


def _matched(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = pattern.match(text, at)
    if match is None:
        raise Rejected("the text is not JSON", code="not-json")
    return match


def _explain(raw: bytes, complaint: str) -> NoReturn:
    """Raise the reason why *raw* could not be read."""
    if not raw.strip(_WHITESPACE):
        raise Rejected("there is no text", code="empty-body")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Rejected("the text starts with a byte order mark, which JSON does not have", code="byte-order-mark")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Rejected(f"the text is not UTF-8: {error.reason} at byte {error.start}", code="invalid-utf8") from None
    _explain_text(text, complaint)


def _explain_text(text: str, complaint: str) -> NoReturn:
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=_refuse)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Rejected(f"the text is not JSON: {complaint}", code="not-json") from None
    if _depth(text) > DEEPEST:
        raise _too_deep()
    if "\\ud" not in text.lower():
        raise Rejected("the text holds a number that PostgreSQL cannot store", code="number-range")
    raise Rejected("the text holds half of a surrogate pair, which is no character", code="lone-surrogate")


def _too_deep() -> Rejected:
    return Rejected(f"the text is nested deeper than {DEEPEST} levels", code="too-deep")


def _refuse(constant: str) -> NoReturn:
    raise Rejected(f"{constant} is no JSON number", code="not-a-number")


def _depth(text: str) -> int:
    depth = deepest = 0
    for token in _BRACKET.finditer(text):
        if token[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def _numbers_fit(text: str) -> bool:
    expansion = 0
    for whole, fraction, exponent in _NUMBER.findall(text):
        if not whole:
            continue
        power = int(exponent or 0) if len(exponent) < len("-1000000") else _EXPANSION
        expansion += abs(power)
        if abs(power) > _SCALE or len(fraction) - power > _SCALE or expansion > _EXPANSION:
            return False
    return True
