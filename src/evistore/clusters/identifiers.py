"""Names of clusters: every notation of a UUID that clients send, kept as it was sent."""

from __future__ import annotations

import re
import string

_FORM = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PLAIN = re.compile(rb"[0-9a-f]{32}", re.IGNORECASE)
_URN = b"urn:uuid:"
_PRINTABLE = set((string.ascii_letters + string.digits + string.punctuation + " ").encode()) - set(b'"\\')
PATTERN = (
    r"^([uU][rR][nN]:[uU][uU][iI][dD]:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$|^[0-9a-fA-F]{32}$"
    r"|^[\u0001-.0-\u007f][0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}[\u0001-.0-\u007f]$"
)
"""What passes :func:`uuid_fault` in a path, as a regular expression of ECMA 262; the last form has any two bytes around it."""


def uuid_fault(text: str) -> str | None:
    """Why *text* names no cluster, in the words that clients know; ``None`` if it does.

    It is the 36 characters of a UUID in any case, the same behind ``urn:uuid:`` or between any two bytes, or 32 digits.
    """
    name = text.encode("utf-8", "surrogatepass")
    match len(name):
        case 36:
            form, shape = name, _FORM
        case 38:
            form, shape = name[1:-1], _FORM
        case 32:
            form, shape = name, _PLAIN
        case 45 if name[:9].lower() == _URN:
            form, shape = name[9:], _FORM
        case 45:
            return f"invalid urn prefix: {_quoted(name[:9])}"
        case length:
            return f"invalid UUID length: {length}"
    return None if shape.fullmatch(form) else "invalid UUID format"


def _quoted(text: bytes) -> str:
    return '"' + "".join(chr(byte) if byte in _PRINTABLE else f"\\x{byte:02x}" for byte in text) + '"'
