"""The attributes beside the body of a message: who sends it, about which cluster, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from evistore.clusters import wire_json, wire_times, wire_types
from evistore.clusters.wire_types import Faults
from evistore.clusters.wire_values import Envelope, Fault

Fields = Mapping[str, tuple[str, bytes]]
"""The attributes by their folded names, each with its name as sent and its text."""

_UINT8, _INT32, _UINT32 = 2**8 - 1, 2**31 - 1, 2**32 - 1
_NO_MOMENT = datetime(1, 1, 1, tzinfo=UTC)

_HEX = r"[0-9a-fA-F]"
_PLAIN = rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_UUID = re.compile(rf"{_PLAIN}|[uU][rR][nN]:[uU][uU][iI][dD]:{_PLAIN}|{_HEX}{{32}}|[\0-\x7f]{_PLAIN}[\0-\x7f]")

_REQUIRED = ("OrgID", "ClusterName")
_LAST_CHECKED = "LastChecked"
_NUMBERS = ("OrgID", "AccountNumber", "Version")
_GO_TYPES = {
    "OrgID": "types.OrgID",
    "ClusterName": "types.ClusterName",
    "Report": "consumer.Report",
    "Metrics": "consumer.DvoMetrics",
    "LastChecked": "string",
    "Version": "types.SchemaVersion",
    "RequestId": "types.RequestID",
    "AccountNumber": "types.Account",
    "Metadata": "types.Metadata",
}


def envelope(
    fields: Fields, name: str, body: Iterable[Fault], allowed: Container[int] | None
) -> tuple[Envelope, Faults]:
    """The envelope of a message whose body is the attribute *name* and has the faults *body*; with all faults of the message.

    Those of what is absent come first, the others in the order of the document. *allowed* holds the organisations that
    may send; ``None`` is all.
    """
    reader = _Reader(allowed)
    reader.check_presence(fields, name)
    for folded, (sent, piece) in fields.items():
        if piece == wire_json.NULL:
            continue
        if folded in _ATTRIBUTES:
            field, read = _ATTRIBUTES[folded]
            reader.found[field] = read(reader, piece, f"/{sent}")
        elif folded == wire_json.fold(name):
            reader.require("object", piece, f"/{sent}", name)
            reader.faults.extend(body)
    return Envelope(**reader.found), reader.faults


def is_late(fault: Fault) -> bool:
    """Whether *fault* matters only to a message that has something to store."""
    return fault.code == "org-not-allowed" or (
        fault.code != "type-wrong" and wire_json.fold(fault.pointer) == f"/{_LAST_CHECKED.lower()}"
    )


class _Reader:
    """Reads attributes one by one, and gathers what is wrong with them."""

    def __init__(self, allowed: Container[int] | None) -> None:
        self.allowed = allowed
        self.faults = Faults()
        self.found: dict[str, Any] = {}

    def check_presence(self, fields: Fields, body: str) -> None:
        for name in (*_REQUIRED, body):
            if _is_absent(fields, name):
                self.faults.add(f"/{name}", "attribute-missing", f"missing required attribute '{name}'")
        if _is_absent(fields, _LAST_CHECKED):
            self.last_checked_at(b'""', f"/{_LAST_CHECKED}", "attribute-missing")

    def require(self, kind: str, piece: bytes, at: str, name: str) -> bool:
        """Whether *piece* is of the right kind, else there is a fault."""
        if wire_json.kind(piece) == kind:
            return True
        self.mismatch(piece, at, name)
        return False

    def mismatch(self, piece: bytes, at: str, name: str) -> None:
        kind = wire_json.kind(piece)
        told = f"number {piece[:40].decode()}" if kind == "number" and name in _NUMBERS else kind
        go_type = _GO_TYPES[name]
        text = f"json: cannot unmarshal {told} into Go struct field incomingMessage.{name} of type {go_type}"
        self.faults.add(at, "type-wrong", text)

    def integer(self, piece: bytes, at: str, name: str, most: int) -> int | None:
        number = wire_json.integer(piece, 0, most)
        if number is None:
            self.mismatch(piece, at, name)
        return number

    def org_id(self, piece: bytes, at: str) -> int | None:
        number = self.integer(piece, at, "OrgID", _UINT32)
        if number is None:
            return None
        if number > _INT32:
            self.faults.add(at, "org-out-of-range", f"organization ID {number} is larger than {_INT32}")
        elif self.allowed is not None and number not in self.allowed:
            self.faults.add(at, "org-not-allowed", "organization ID is not in allow list")
        return number

    def cluster(self, piece: bytes, at: str) -> str | None:
        if not self.require("string", piece, at, "ClusterName"):
            return None
        cluster = wire_types.name(piece, at, self.faults)
        if not _UUID.fullmatch(cluster):
            self.faults.add(at, "uuid-invalid", "cluster name is not a UUID")
        return cluster

    def last_checked_at(self, piece: bytes, at: str, code: str = "time-invalid") -> datetime | None:
        if not self.require("string", piece, at, _LAST_CHECKED):
            return None
        return self.moment(piece, at, code)

    def moment(self, piece: bytes, at: str, code: str = "time-invalid") -> datetime | None:
        try:
            return wire_times.moment(wire_json.text(piece))
        except ValueError as error:
            self.faults.add(at, code, str(error))
            return None

    def gathered_at(self, piece: bytes, at: str) -> datetime | None:
        if not self.require("object", piece, at, "Metadata"):
            return None
        name, value = wire_json.fields(piece).get("gathering_time", ("", wire_json.NULL))
        if not wire_types.is_kind(value, "string", f"{at}/{name}", self.faults):
            return None
        moment = self.moment(value, f"{at}/{name}")
        return None if moment == _NO_MOMENT else moment

    def version(self, piece: bytes, at: str) -> int | None:
        return self.integer(piece, at, "Version", _UINT8)

    def account_number(self, piece: bytes, at: str) -> int | None:
        return self.integer(piece, at, "AccountNumber", _UINT32)

    def request_id(self, piece: bytes, at: str) -> str:
        return wire_json.text(piece) if self.require("string", piece, at, "RequestId") else ""


def _is_absent(fields: Fields, name: str) -> bool:
    return name.lower() not in fields or fields[name.lower()][1] == wire_json.NULL


_ATTRIBUTES: dict[str, tuple[str, Callable[[_Reader, bytes, str], Any]]] = {
    "orgid": ("org_id", _Reader.org_id),
    "clustername": ("cluster", _Reader.cluster),
    "lastchecked": ("last_checked_at", _Reader.last_checked_at),
    "version": ("version", _Reader.version),
    "requestid": ("request_id", _Reader.request_id),
    "accountnumber": ("account_number", _Reader.account_number),
    "metadata": ("gathered_at", _Reader.gathered_at),
}
