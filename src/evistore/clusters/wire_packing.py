"""The bytes of a message without their compression, told by the first bytes: gzip, Zstandard, or none."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import zstandard

from evistore.clusters.wire_values import Fault

_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP_BITS = 31  # a gzip member with its header, of any window
_WINDOW = 8 * 1024 * 1024  # bytes of memory that a Zstandard frame may ask for
_SLICE = 256  # compressed bytes taken at once: a few can stand for a hundred kilobytes, and memory is to stay bounded
_MOST_MEMBERS = 100  # each one copies what follows it

_Member = Callable[[bytes, bytearray, int], bytes]


class _BrokenError(Exception):
    """The compressed bytes end too early, or go on after the last member."""


class _TooLargeError(Exception):
    """More comes out than is allowed."""


def unpacked(value: bytes, limit: int) -> bytes | Fault:
    """The content of *value*, at most *limit* bytes. Several members are one content, as both formats say. Never raises."""
    try:
        if value.startswith(_GZIP):
            return _joined(value, limit, _gzip_member)
        if value.startswith(_ZSTANDARD):
            return _joined(value, limit, _zstandard_frame)
        _bounded(value, limit)
    except _TooLargeError:
        return Fault("", "too-large", f"the value is larger than {limit} bytes")
    except (_BrokenError, zlib.error, zstandard.ZstdError):
        name = "gzip" if value.startswith(_GZIP) else "zstd"
        return Fault("", f"{name}-broken", f"the value begins like {name} and is not whole, valid {name}")
    return value


def _joined(value: bytes, limit: int, member: _Member) -> bytes:
    out = bytearray()
    for _ in range(_MOST_MEMBERS):
        value = member(value, out, limit)
        if not value:
            return bytes(out)
    raise _BrokenError


def _gzip_member(value: bytes, out: bytearray, limit: int) -> bytes:
    """Unpack one member from the front of *value* into *out*; what follows it."""
    member = zlib.decompressobj(wbits=_GZIP_BITS)
    out += member.decompress(value, limit + 1 - len(out))
    _bounded(out, limit)
    if not member.eof:
        raise _BrokenError
    return member.unused_data


def _zstandard_frame(value: bytes, out: bytearray, limit: int) -> bytes:
    """Unpack one frame from the front of *value* into *out*; what follows it."""
    frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    for start in range(0, len(value), _SLICE):
        out += frame.decompress(value[start : start + _SLICE])
        _bounded(out, limit)
        if frame.eof:
            return frame.unused_data + value[start + _SLICE :]
    raise _BrokenError


def _bounded(out: bytes | bytearray, limit: int) -> None:
    if len(out) > limit:
        raise _TooLargeError
