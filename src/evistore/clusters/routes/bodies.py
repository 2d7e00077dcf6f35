"""What bodies may hold, with the sentences that clients know: names match whatever their case, ``null`` is the empty value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from evistore.clusters.scanner import first_value
from evistore.kernel.errors import Rejected

MISSING = "client didn't provide request body"
BAD_TYPE = "bad type in json data"
BROKEN = "invalid character 'V' looking for beginning of value"
_LARGEST = 2**63


def _bad_type() -> Rejected:
    return Rejected(BAD_TYPE, code="body-type")


def text(value: Any) -> str:
    """The *value* as a text, ``null`` as the empty one.

    Raises:
        Rejected: ``body-type``.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _bad_type()
    return value


def integer(value: Any) -> int:
    """The *value* as a whole number of 64 bits, ``null`` as 0.

    Raises:
        Rejected: ``body-type``.
    """
    if value is None:
        return 0
    if type(value) is not int or not -_LARGEST <= value < _LARGEST:
        raise _bad_type()
    return value


def texts(value: Any) -> list[str]:
    """The *value* as a list of texts, ``null`` as the empty one.

    Raises:
        Rejected: ``body-type``.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise _bad_type()
    return [text(one) for one in cast("list[Any]", value)]


def members(value: Any) -> dict[str, Any]:
    """The *value* as an object, its names in lower case, of names that differ only in case the last.

    Raises:
        Rejected: ``body-type``.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _bad_type()
    return {name.casefold(): one for name, one in cast("dict[str, Any]", value).items()}


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts."""

    required: bool = True
    schema: Mapping[str, Any] = field(
        default_factory=lambda: {"type": ["array", "null"], "items": {"type": ["string", "null"]}}
    )
    refusals: tuple[str, ...] = (MISSING, BAD_TYPE, BROKEN)

    def read(self, body: bytes) -> list[str]:
        """The texts."""
        return texts(first_value(body))


@dataclass(frozen=True, slots=True)
class Object:
    """An object of members; others are not looked at."""

    members: Mapping[str, Mapping[str, Any]]
    """The JSON schema of each, by its name in lower case."""
    required: bool = True
    refusals: tuple[str, ...] = (MISSING, BAD_TYPE, BROKEN)

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of the whole."""
        return {"type": ["object", "null"], "properties": self.members}

    def read(self, body: bytes) -> dict[str, Any]:
        """The members, by their names in lower case; without a body none, where none is required."""
        if not self.required and not body.strip(b" \t\r\n"):
            return {}
        return members(first_value(body))
