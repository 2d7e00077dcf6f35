"""What a message of the cluster topics can turn out to be: stored, skipped, or faulty, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong with a message."""

    pointer: str
    """Where, as a JSON pointer; empty for the whole document."""
    code: str
    """A short, stable word for programs, such as ``attribute-missing``."""
    text: str
    """The sentence that operators read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message is from and about, as far as it could be read. A fault does not hide what stands beside it."""

    org_id: int | None = None
    """From 0 to 4294967295; the database takes only those up to 2147483647."""
    cluster: str | None = None
    """As sent: any notation of a UUID, in any letter case. Of a faulty message, any text."""
    request_id: str = ""
    account_number: int | None = None
    version: int | None = None
    last_checked_at: datetime | None = None
    """UTC, in microseconds: what is finer is cut off."""
    gathered_at: datetime | None = None
    """UTC, in microseconds; ``None`` also when the sender wrote the first moment of year 1, which stands for none."""


UNKNOWN = Envelope()
"""The envelope of what is no JSON object."""


class Hit(NamedTuple):
    """One rule that hit the cluster. No two of a report share module and error key."""

    component: str
    """The module as sent, usually with ``.report`` at its end."""
    error_key: str
    template_data: str
    """The text of ``details``, character by character as sent; empty when there was none."""


@dataclass(frozen=True, slots=True)
class Report:
    """A valid rule result: what the cluster's rows are to become. No hits means that every old one is resolved."""

    envelope: Envelope
    report: str
    """The body: its names sorted, without white space, characters that matter to HTML escaped."""
    hits: tuple[Hit, ...]
    version_info: str | None
    """The version of the cluster; ``None`` when the report says nothing about it."""


class Namespace(NamedTuple):
    """What the recommendations say about one namespace."""

    namespace_id: str
    name: str
    recommendations: int
    """How many recommendations name a workload in it."""
    objects: int
    """How many different workloads they name."""
    rule_hits_count: dict[str, int]
    """How often each ``rule|KEY`` names a workload; one that is named twice counts twice."""


@dataclass(frozen=True, slots=True)
class Workloads:
    """A valid workload result. No namespaces means that every old row of the cluster goes."""

    envelope: Envelope
    report: str
    """The body, written as that of a :class:`Report`."""
    namespaces: tuple[Namespace, ...]
    """In the order in which the message names them first."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that says nothing: success, and nothing to write."""

    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Faulty:
    """A message that cannot be stored, with everything that is wrong with it: what is absent first, then in the order of the document."""

    envelope: Envelope
    faults: tuple[Fault, ...]

    @property
    def text(self) -> str:
        """All sentences in one."""
        return "; ".join(fault.text for fault in self.faults)
