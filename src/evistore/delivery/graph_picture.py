"""The neighbourhood of a subject as a picture: where it came from at the left, what came of it at the right, the subject itself between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evistore.delivery.provenance import Edge as Relation
from evistore.delivery.provenance import Node as Subject
from evistore.delivery.provenance import Reach
from evistore.delivery.services import short
from evistore.web.layers import MOST, Edge, Node, Picture, picture
from evistore.web.words import shortened

SIBLINGS = 12
"""More of one kind at one distance than this become one box."""
_LABEL = 23
_HUBS = frozenset({"chain"})  # everything is part of one: it tells nothing and crosses everything
_FORWARD = frozenset({"produced"})  # said by the earlier of the later one
_KINDS_WITH_VERSIONS = frozenset({"artifact"})

Key = tuple[str, str]
"""Type and id."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The picture, with how many subjects are in reach and how many boxes stand for them."""

    picture: Picture
    subjects: int
    shown: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Siblings that become one box."""

    kind: str
    size: int
    depth: int


def neighbourhood(ancestors: Reach, descendants: Reach, href: Callable[[str, str], str], rest: str) -> Neighbourhood:
    """The picture of a subject by what is in reach of it; *href* leads to a subject, *rest* to the list of all."""
    depths = _depths(ancestors, descendants)
    pairs = {
        (*_pair(edge), edge.relation, edge.ended_at is not None) for edge in (*ancestors.edges, *descendants.edges)
    }
    pairs = {one for one in pairs if one[0] in depths and one[1] in depths}
    into, groups = _collapsed(depths)
    boxes = {into.get(key, key) for key in depths}
    far = {**{key: abs(depth) for key, depth in depths.items()}, **{key: group.depth for key, group in groups.items()}}
    shown = set(sorted(boxes, key=lambda key: (far[key], key))[:MOST])
    links = {(into.get(a, a), into.get(b, b), words, ended) for a, b, words, ended in pairs}
    hidden = Counter(
        one for a, b, _, _ in links for one, other in ((a, b), (b, a)) if one in shown and other not in shown
    )
    nodes = [
        _several(groups[key], key, hidden[key], rest) if key in groups else _single(key, far[key], hidden[key], href)
        for key in shown
    ]
    edges = [Edge(_name(a), _name(b), words, ended) for a, b, words, ended in links if a in shown and b in shown]
    return Neighbourhood(picture(nodes, edges), len(depths), len(shown))


def _depths(ancestors: Reach, descendants: Reach) -> dict[Key, int]:
    """Every subject in reach with its distance, negative before; the start has 0."""
    found: dict[Key, int] = {}
    for sign, reach in ((-1, ancestors), (1, descendants)):
        for node in reach.nodes:
            key = _key(node)
            if node.node_type not in _HUBS or node.depth == 0:
                found[key] = min((found.get(key, sign * node.depth), sign * node.depth), key=abs)
    return found


def _key(node: Subject) -> Key:
    return node.node_type, node.node_id


def _pair(edge: Relation) -> tuple[Key, Key]:
    """The earlier and the later one: most relations are told by the later."""
    told, named = (edge.from_node_type, edge.from_node_id), (edge.to_node_type, edge.to_node_id)
    return (told, named) if edge.relation in _FORWARD else (named, told)


def _collapsed(depths: Mapping[Key, int]) -> tuple[dict[Key, Key], dict[Key, _Group]]:
    """For every subject that gets no box of its own the box that stands for it, and those boxes."""
    siblings: dict[tuple[str, int], list[Key]] = {}
    for key, depth in depths.items():
        siblings.setdefault((key[0], depth), []).append(key)
    into: dict[Key, Key] = {}
    groups: dict[Key, _Group] = {}
    for (kind, depth), keys in siblings.items():
        if len(keys) > SIBLINGS:
            group = (kind, f"{len(keys)} at {depth} of {min(keys)[1]}")
            groups[group] = _Group(kind, len(keys), abs(depth))
            into.update(dict.fromkeys(keys, group))
    return into, groups


def _several(group: _Group, key: Key, hidden: int, rest: str) -> Node:
    told = f"{group.size} subjects of type {group.kind}, in the list below"
    return Node(_name(key), f"{group.size} of them", group.kind, rest, told, several=True, more=hidden)


def _single(key: Key, far: int, hidden: int, href: Callable[[str, str], str]) -> Node:
    kind, id_ = key
    label = _packaged(id_) if kind in _KINDS_WITH_VERSIONS and id_.lower().startswith("pkg:") else id_
    told = f"{kind} {id_}" + (f", and {hidden} more beyond" if hidden else "")
    return Node(_name(key), shortened(label, _LABEL), kind, href(kind, id_), told, here=far == 0, more=hidden)


def _packaged(purl: str) -> str:
    """Name and version of a package URL, in short."""
    name = purl.partition("?")[0].partition("@")[0].rpartition("/")[2] or purl
    return f"{name} {short(purl)}" if "@" in purl or "tag=" in purl else name


def _name(key: Key) -> str:
    return "\n".join(key)
