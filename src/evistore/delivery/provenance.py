"""Where something came from and what came of it: walks through the graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "provenance")

Direction = Literal["ancestors", "descendants"]
DEPTH = 10
NODES = 500
_EDGES = 5000


@dataclass(frozen=True, slots=True)
class Node:
    """A subject within reach, with the shortest way to it from the start."""

    node_id: str
    node_type: str
    depth: int
    path: list[str]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two of the nodes: first and last time an event said so, how often, and when it ended."""

    from_node_id: str
    from_node_type: str
    to_node_id: str
    to_node_type: str
    relation: str
    first_at: datetime
    last_at: datetime
    seen: int
    ended_at: datetime | None
    source_event_id: str | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything within reach of a node; ``complete`` when the limit cut nothing off."""

    nodes: list[Node]
    edges: list[Edge]
    complete: bool


def reach(
    tx: Transaction, node_id: str, direction: Direction, *, depth: int = DEPTH, limit: int = NODES, edges: bool = True
) -> Reach:
    """The *direction* of a node, at most *depth* steps and *limit* nodes away; the node itself has depth 0.

    Raises:
        NotFound: no event ever named it.
    """
    forward = direction == "ancestors"
    nodes = tx.all(Node, SQL["reach"], node_id=node_id, forward=forward, depth=depth, limit=limit + 1)
    if not nodes:
        raise NotFound("no event ever named this id", code="not-found")
    shown = nodes[:limit]
    between = tx.all(Edge, SQL["edges"], node_ids=[node.node_id for node in shown], limit=_EDGES) if edges else []
    return Reach(shown, between, len(nodes) <= limit)
