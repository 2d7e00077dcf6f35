"""What an operation is, and how a path finds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evistore.clusters.routes.answers import Answer
from evistore.clusters.routes.call import Call, Parameter, Shape
from evistore.kernel.database import Transaction

Handler = Callable[[Transaction, Call], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked."""

    name: str
    """Its operation id, and its label in metrics."""
    method: str
    path: str
    """Below a prefix, with parameters in braces: ``organizations/{organization}/clusters``."""
    handler: Handler
    """Answers in a thread. It raises faults; a reader asks one statement."""
    summary: str
    checks: Sequence[Parameter[Any]] = ()
    """Parameters that are checked before the handler is called, in this order; one named ``org_id`` or ``organization`` must be the caller's own."""
    later: Sequence[Parameter[Any]] = ()
    """Parameters that the handler checks itself, by asking for them."""
    body: Shape[Any] | None = None
    """What the body may hold; the handler reads it with ``call.content(shape)``."""
    answer: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The JSON schema of the answer with status 200."""
    faults: Mapping[int, Sequence[str]] = field(default_factory=dict[int, Sequence[str]])
    """Further answers: sentences by status, beyond those of parameters, body, token and database."""
    writes: bool = False
    """Whether the handler wants a transaction; a reader asks in autocommit mode."""
    options: bool = False
    """Whether OPTIONS is answered: with the methods, and without effect."""
    debug: bool = False
    """Whether it is there in debug mode only."""
    asks: bool = True
    """Whether it needs the database at all; otherwise the handler is called in the event loop, with no transaction."""
    away: int = 500
    """The status while the database does not answer."""
    open: bool = False
    """Whether no token is asked for."""
    media_type: str = "application/json"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A path with all that can be asked there."""

    template: str
    operations: Mapping[str, Operation]

    @property
    def allow(self) -> str:
        """The methods, for a header."""
        options = ["OPTIONS"] if any(one.options for one in self.operations.values()) else []
        return ", ".join([*self.operations, *options])


@dataclass(frozen=True, slots=True)
class Found:
    """A place, with the parts of the path that are parameters."""

    place: Place
    parts: Mapping[str, str]
    exact: bool
    """Whether the last slash is there as it should be, or not there."""


@dataclass(slots=True)
class _Node:
    fixed: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    variable: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    place: Place | None = None
    slash: bool = False


class Table:
    """Operations by their paths."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Hold *operations*; two at one path differ in their method."""
        self._root = _Node()
        by_path: dict[str, dict[str, Operation]] = {}
        for one in operations:
            methods = by_path.setdefault(one.path, {})
            if one.method in methods:
                raise ValueError(f"two operations answer {one.method} {one.path}")
            methods[one.method] = one
        for path, methods in by_path.items():
            self._add(Place(path, methods))

    def find(self, path: str) -> Found | None:
        """What stands at *path*, decoded and below the prefix; a slash too many or too few at its end does not matter."""
        segments = path.removesuffix("/").split("/") if path else []
        parts: dict[str, str] = {}
        node = _step(self._root, segments, 0, parts)
        if node is None or node.place is None:
            return None
        return Found(node.place, parts, exact=not path or path.endswith("/") == node.slash)

    def _add(self, place: Place) -> None:
        node = self._root
        for segment in place.template.removesuffix("/").split("/") if place.template else []:
            kind, name = (node.variable, segment[1:-1]) if segment.startswith("{") else (node.fixed, segment)
            node = kind.setdefault(name, _Node())
        if node.place is not None:
            raise ValueError(f"{place.template} and {node.place.template} differ only in their last slash")
        node.place, node.slash = place, place.template.endswith("/")


def _step(node: _Node, segments: Sequence[str], at: int, parts: dict[str, str]) -> _Node | None:
    """The node below *node* that *segments* lead to; fixed words go before parameters."""
    if at == len(segments):
        return node if node.place else None
    segment = segments[at]
    if segment in node.fixed and (found := _step(node.fixed[segment], segments, at + 1, parts)):
        return found
    if segment:
        for name, child in node.variable.items():
            if found := _step(child, segments, at + 1, parts):
                parts[name] = segment
                return found
    return None
