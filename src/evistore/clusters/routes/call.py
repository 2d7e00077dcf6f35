"""One request on its way to an answer: its parameters, its body, its caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from evistore.kernel.errors import Forbidden

FOREIGN = (
    "you have no permissions to get or change info about the organization with ID {org_id}; "
    "you can access info about organization with ID {own}"
)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Generic[T]):
    """A part of the path, checked."""

    name: str
    """As it stands in the template of the path."""
    read: Callable[[str], T]
    """What the text means. Raises a fault with the sentence that clients know."""
    description: str
    pattern: str = r"^[^/\u0000]+$"
    """What passes, as a regular expression of ECMA 262."""
    example: str = ""
    refusals: tuple[str, ...] = ()
    """The sentences of its faults, for the description; ``V`` stands for the text."""
    longest: int | None = None
    """How many characters it may have; ``None``: as many as *pattern* says."""


class Shape(Protocol[T_co]):
    """What a body may hold."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of what is taken."""
        ...

    @property
    def refusals(self) -> tuple[str, ...]:
        """The sentences of its faults."""
        ...

    @property
    def required(self) -> bool:
        """Whether there has to be a body."""
        ...

    def read(self, body: bytes) -> T_co:
        """What *body* says. Raises a fault with the sentence that clients know."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the header ``x-rh-identity`` names."""

    org_id: int
    user_id: str


@dataclass(slots=True)
class Call:
    """A request to one operation. ``call[ORG]`` is the checked value of the parameter ``ORG``."""

    parts: Mapping[str, str]
    body: bytes = b""
    caller: Caller | None = None
    """``None`` where nobody is asked who he is."""
    _known: dict[str, Any] = field(default_factory=dict[str, Any])

    def __getitem__(self, parameter: Parameter[T]) -> T:
        """The value of *parameter*.

        Raises:
            Rejected: it does not fit; only parameters that the operation does not check by itself can still do so.
        """
        if parameter.name not in self._known:
            self._known[parameter.name] = parameter.read(self.parts[parameter.name])
        return self._known[parameter.name]

    def content(self, shape: Shape[T]) -> T:
        """What the body says.

        Raises:
            Rejected: it does not fit *shape*.
        """
        return shape.read(self.body)

    def permit(self, org_id: int) -> None:
        """Let the call go on if what it is about belongs to the caller's organisation, or if nobody is asked who he is.

        Raises:
            Forbidden: it belongs to *org_id*, which is another one.
        """
        if self.caller is not None and self.caller.org_id != org_id:
            raise Forbidden(
                FOREIGN.format(org_id=org_id, own=self.caller.org_id),
                code="foreign-organization",
            )
