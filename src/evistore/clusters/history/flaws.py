"""Messages that are none: what producers under development, proxies and disks make of a good one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

_HALF: Final = 2


def spoiled(raw: bytes, chance: Random) -> bytes:
    """The message *raw* with one or several things wrong, or one that says nothing."""
    return chance.choice(_FLAWS)(raw)


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) // _HALF]


def _organization_as_text(raw: bytes) -> bytes:
    head, _, rest = raw.partition(b',"AccountNumber"')
    return head.replace(b'"OrgID":', b'"OrgID":"') + b'","AccountNumber"' + rest


def _no_cluster(raw: bytes) -> bytes:
    return raw.replace(b'"ClusterName":', b'"Cluster":', 1)


def _nameless_and_timeless(raw: bytes) -> bytes:
    return raw.replace(b'"ClusterName":"', b'"ClusterName":"cluster-', 1).replace(
        b'"LastChecked":"2', b'"LastChecked":"yesterday 2', 1
    )


def _no_reports(raw: bytes) -> bytes:
    return raw.replace(b'"reports":', b'"results":', 1)


def _not_utf8(raw: bytes) -> bytes:
    return raw.replace(b'"hostname":null', b'"hostname":"\xe9dge"', 1)


def _several(raw: bytes) -> bytes:
    return (
        _organization_as_text(raw)
        .replace(b'"Version":2', b'"Version":"2"', 1)
        .replace(b'"component":"', b'"component":7,"was":"', 2)
    )


def _empty(raw: bytes) -> bytes:
    return raw.partition(b'"Report":')[0] + b'"Report":{}}'


_FLAWS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    _cut,
    _organization_as_text,
    _no_cluster,
    _nameless_and_timeless,
    _no_reports,
    _not_utf8,
    _several,
    _empty,
)
