"""JSON texts indented with tabs, everything else in them left as it is."""

from __future__ import annotations

import re

import msgspec

_LINE = re.compile(rb"\n +")
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
_OPEN = (b"{", b"[")
_CLOSE = (b"}", b"]")
_STAND_IN = b"\x7f"
"""A character that texts of people do not hold."""


def indented(text: bytes) -> bytes:
    """The JSON *text* over several lines, one tab for each level; numbers, escapes and the order of names stay as they are."""
    try:
        plain = msgspec.json.format(text, indent=-1)
        if _STAND_IN in plain:
            return _LINE.sub(lambda margin: b"\n" + b"\t" * (len(margin[0]) - 1), msgspec.json.format(plain, indent=1))
        return _quickly(plain)
    except msgspec.DecodeError:
        return _slowly(text)  # half surrogate pairs, and great depth


def _quickly(plain: bytes) -> bytes:
    """The same where nothing but strings holds spaces: without them every space that indentation brings can become a tab."""
    lines = msgspec.json.format(plain.replace(b" ", _STAND_IN), indent=1)
    return lines.replace(b" ", b"\t").replace(b'":\t', b'": ').replace(_STAND_IN, b" ")


def _slowly(text: bytes) -> bytes:
    written: list[bytes] = []
    depth, last = 0, b""
    for match in _TEXT.finditer(text):
        token = match[0]
        depth -= token in _CLOSE
        if (last in _OPEN and token not in _CLOSE) or last == b"," or (token in _CLOSE and last not in _OPEN):
            written.append(b"\n" + b"\t" * depth)
        written.append(b": " if token == b":" else token)
        depth += token in _OPEN
        last = token
    return b"".join(written)
