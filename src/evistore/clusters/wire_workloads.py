"""The body of a workload result: which recommendations touch which namespace, and how many objects in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from evistore.clusters import wire_json, wire_types
from evistore.clusters.wire_types import Faults
from evistore.clusters.wire_values import Namespace

_MANDATORY = "workload_recommendations"
_SUFFIX = ".recommendation"
_WORKLOAD = ("namespace", "namespace_uid", "kind", "name", "uid")
_STORED = ("namespace", "namespace_uid")


@dataclass(slots=True)
class _Tally:
    """What is known of one namespace so far."""

    name: str = ""
    items: set[int] = field(default_factory=set[int])
    objects: set[str] = field(default_factory=set[str])
    rules: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Body:
    """What was read of a workload result. With faults, the rest is what could be read all the same."""

    skipped: bool = False
    faults: Faults = field(default_factory=Faults)
    tallies: dict[str, _Tally] = field(default_factory=dict[str, _Tally])

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """The namespaces, in the order in which they are named first."""
        return tuple(
            Namespace(uid, one.name, len(one.items), len(one.objects), dict(one.rules))
            for uid, one in self.tallies.items()
        )


def body(piece: bytes, at: str, *, rows_limit: int) -> Body:
    """Read the object *piece*, which stands at *at*. It is faulty if a row of it for each namespace makes more than *rows_limit* bytes."""
    members = wire_json.members(piece)
    if not members:
        return Body(skipped=True)
    read = Body()
    place = f"{at}/{_MANDATORY}"
    value = members.get(_MANDATORY)
    if value is None:
        read.faults.add(at, "structure", f"improper report structure, missing key with name '{_MANDATORY}'")
    elif value == wire_json.NULL:
        read.faults.add(place, "type-wrong", f"{place} must not be null")
    else:
        for number, (item_at, item) in enumerate(wire_types.objects(value, place, read.faults)):
            _read_item(item, item_at, number, read)
        _check_rows(len(piece), rows_limit, place, read)
    return read


def _check_rows(size: int, most: int, at: str, read: Body) -> None:
    number = len(read.tallies)
    if number * size > most:
        text = f"{at} names {number} namespaces: a row of {size} bytes for each makes more than {most} bytes"
        read.faults.add(at, "rows-too-large", text)


def _read_item(item: bytes, at: str, number: int, read: Body) -> None:
    found = dict.fromkeys(("component", "key"), "")
    workloads = list[dict[str, str]]()
    for folded, (name, value) in wire_json.fields(item).items():
        place = f"{at}/{name}"
        if folded in found:
            found[folded] = wire_types.name(value, place, read.faults)
        elif folded == "workloads":
            placed = wire_types.objects(value, place, read.faults)
            workloads = [_workload(one, workload_at, read.faults) for workload_at, one in placed]
        elif folded in _ITEM_CHECKS:
            _ITEM_CHECKS[folded](value, place, read.faults)
    rule = f"{found['component'].removesuffix(_SUFFIX)}|{found['key']}"
    for workload in workloads:
        _count(workload, rule, number, read)


def _workload(item: bytes, at: str, faults: Faults) -> dict[str, str]:
    found: dict[str, str] = dict.fromkeys(_WORKLOAD, "")
    for folded, (name, value) in wire_json.fields(item).items():
        if folded in found:
            read = wire_types.name if folded in _STORED else wire_types.text
            found[folded] = read(value, f"{at}/{name}", faults)
    wire_types.check_length((found["namespace_uid"],), at, faults)
    return found


def _count(workload: dict[str, str], rule: str, number: int, read: Body) -> None:
    tally = read.tallies.setdefault(workload["namespace_uid"], _Tally())
    tally.name = workload["namespace"]
    tally.items.add(number)
    tally.objects.add(workload["uid"])
    tally.rules[rule] += 1


def _check_links(piece: bytes, at: str, faults: Faults) -> None:
    if not wire_types.is_kind(piece, "object", at, faults):
        return
    for name, value in wire_json.members(piece).items():
        if name in ("jira", "product_documentation"):
            wire_types.check_texts(value, f"{at}/{name}", faults)


_ITEM_CHECKS: dict[str, Callable[[bytes, str, Faults], None]] = {
    "response_id": wire_types.check_text,
    "details": wire_types.check_object,
    "tags": wire_types.check_texts,
    "links": _check_links,
}
