"""The body of a rule result: whether it is complete, empty or broken, which rules hit, which version the cluster has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evistore.clusters import wire_json, wire_types
from evistore.clusters.wire_types import Faults
from evistore.clusters.wire_values import Hit

_MANDATORY = ("fingerprints", "reports", "system")
_UNSEEN = "analysis_metadata"
_VERSION_ITEM = "version_info|CLUSTER_VERSION_INFO"
_SUFFIX = ".report"


@dataclass(slots=True)
class Body:
    """What was read of a rule result. With faults, the rest is what could be read all the same."""

    skipped: bool = False
    faults: Faults = field(default_factory=Faults)
    hits: list[Hit] = field(default_factory=list[Hit])
    version_info: str | None = None


def body(piece: bytes, at: str) -> Body:
    """Read the object *piece*, which stands at *at*."""
    members = wire_json.members(piece)
    missing = [name for name in _MANDATORY if name not in members]
    if missing and all(_is_empty(name, value) for name, value in members.items()):
        return Body(skipped=True)
    read = Body()
    if missing:
        names = " ".join(missing)
        read.faults.add(at, "structure", f"improper report structure, missing key(s) with name '[{names}]'")
    for name, value in members.items():
        place = wire_json.pointer(at, name)
        if value == wire_json.NULL and (name in _NEVER_NULL or (missing and name != _UNSEEN)):
            read.faults.add(place, "type-wrong", f"{place} must not be null")
        elif name in _READERS:
            _READERS[name](value, place, read)
    return read


def _is_empty(name: str, piece: bytes) -> bool:
    if name == _UNSEEN:
        return True
    kind = wire_json.kind(piece)
    if name == "system":
        return kind == "object" and _is_nameless(piece)
    return (kind == "object" and not wire_json.members(piece)) or (kind == "array" and not wire_json.items(piece))


def _is_nameless(system: bytes) -> bool:
    _, host = wire_json.fields(system).get("hostname", ("", wire_json.NULL))
    return host in (wire_json.NULL, b'""')


def _read_hits(piece: bytes, at: str, read: Body) -> None:
    seen: dict[tuple[str, str], str] = {}
    for place, item in wire_types.objects(piece, at, read.faults):
        known = len(read.faults)
        hit = _hit(item, place, read.faults)
        read.hits.append(hit)
        if len(read.faults) > known:
            continue
        first = seen.setdefault((hit.component.removesuffix(_SUFFIX), hit.error_key), place)
        if first != place:
            read.faults.add(place, "hit-duplicate", f"{place} is the same rule and error key as {first}")


def _hit(item: bytes, at: str, faults: Faults) -> Hit:
    found = dict.fromkeys(("component", "key"), "")
    details = b""
    for folded, (name, value) in wire_json.fields(item).items():
        if folded in found:
            found[folded] = wire_types.name(value, f"{at}/{name}", faults)
        elif folded == "details":
            details = value
        elif folded in _ITEM_CHECKS:
            _ITEM_CHECKS[folded](value, f"{at}/{name}", faults)
    hit = Hit(found["component"], found["key"], details.decode())
    wire_types.check_length(hit[:2], at, faults)
    return hit


def _read_info(piece: bytes, at: str, read: Body) -> None:
    for place, item in wire_types.objects(piece, at, read.faults):
        identity, version = "", ""
        for folded, (name, value) in wire_json.fields(item).items():
            if folded == "info_id":
                identity = wire_types.text(value, f"{place}/{name}", read.faults)
            elif folded == "details":
                version = _version(value, f"{place}/{name}", read.faults)
        if identity == _VERSION_ITEM:
            read.version_info = version


def _version(piece: bytes, at: str, faults: Faults) -> str:
    """The text called ``version`` among the texts of an object; all must be texts."""
    if not wire_types.is_kind(piece, "object", at, faults):
        return ""
    version = ""
    for name, value in wire_json.members(piece).items():
        read = wire_types.name if name == "version" else wire_types.text
        found = read(value, wire_json.pointer(at, name), faults)
        version = found if name == "version" else version
    return version


def _check_objects(piece: bytes, at: str, read: Body) -> None:
    wire_types.check_objects(piece, at, read.faults)


_NEVER_NULL = ("reports", "info")
_READERS: dict[str, Callable[[bytes, str, Body], None]] = {
    "reports": _read_hits,
    "info": _read_info,
    "skips": _check_objects,
    "pass": _check_objects,
}
_ITEM_CHECKS: dict[str, Callable[[bytes, str, Faults], None]] = {
    "user_vote": wire_types.check_integer,
    "disabled": wire_types.check_truth,
}
