"""The notation of ``vocabulary.toml``, read into JSON Schema (draft 2020-12). The head of that file explains it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]
Names = Callable[[str], Schema | None]

_TOKEN = re.compile(r"\s*(\.\.\.|/\^.*?\$/|[{}\[\]:,|]|[^\s{}\[\]:,|]+)")
_SIMPLE: dict[str, Schema] = {
    "text": {"type": "string"},
    "uri": {"type": "string", "format": "uri"},
    "uriref": {"type": "string", "format": "uri-reference"},
    "time": {"type": "string", "format": "date-time"},
    "free": {"type": ["object", "string"]},
}


@dataclass(slots=True)
class Members:
    """What may stand in an object: rows are added, and the schema read off."""

    schemas: dict[str, Schema] = field(default_factory=dict[str, Schema])
    required: set[str] = field(default_factory=set[str])
    alternatives: set[str] = field(default_factory=set[str])
    open: bool = False

    def put(self, name: str, schema: Schema) -> None:
        """Let *name*, with its mark (``*`` required, ``?`` one of these), hold *schema*."""
        plain = name.rstrip("*?")
        self.drop(plain)
        self.schemas[plain] = schema
        if name.endswith("*"):
            self.required.add(plain)
        if name.endswith("?"):
            self.alternatives.add(plain)

    def drop(self, name: str) -> None:
        """Take *name* away, if it was there."""
        self.schemas.pop(name, None)
        self.required.discard(name)
        self.alternatives.discard(name)

    def schema(self) -> Schema:
        """The schema of an object with these members."""
        schema: Schema = {"type": "object", "properties": self.schemas, "additionalProperties": self.open}
        if self.required:
            schema["required"] = sorted(self.required)
        if self.alternatives:
            schema["anyOf"] = [{"required": [name]} for name in sorted(self.alternatives)]
        return schema


def members_of(rows: Iterable[str], names: Names) -> Members:
    """The members that stand when all *rows* have taken effect, in order. *names* knows the shapes that the rows name.

    Raises:
        ValueError: a row is not in the notation.
    """
    members = Members()
    for row in rows:
        reader = _Reader(row, names)
        reader.read_members(members)
        reader.expect_end()
    return members


def kind_of(text: str, names: Names) -> Schema:
    """The schema of one kind, such as ``text+`` or ``{id*: text+}``.

    Raises:
        ValueError: *text* is not in the notation.
    """
    reader = _Reader(text, names)
    schema = reader.read_kind()
    reader.expect_end()
    return schema


class _Reader:
    """Reads one text of the notation from left to right."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.tokens = [*reversed(_TOKEN.findall(text))]

    def read_members(self, members: Members) -> None:
        while self.tokens and self.tokens[-1] != "}":
            self.read_member(members)
            if not self.accept(","):
                return

    def read_member(self, members: Members) -> None:
        name = self.take()
        if name == "...":
            members.open = True
        elif name.startswith("-"):
            members.drop(name[1:])
        else:
            self.expect(":")
            members.put(name, self.read_kind())

    def read_kind(self) -> Schema:
        if self.accept("{"):
            members = Members()
            self.read_members(members)
            self.expect("}")
            return members.schema()
        if self.accept("["):
            items = self.read_kind()
            self.expect("]")
            return {"type": "array", "items": items}
        return self.read_words()

    def read_words(self) -> Schema:
        words = [self.take()]
        while self.accept("|"):
            words.append(self.take())
        known = [schema for schema in map(self.named, words) if schema is not None]
        if not known:
            return {"type": "string", "enum": words}
        if len(known) != len(words):
            raise ValueError(f"names and plain words are mixed: {self.text}")
        return {"anyOf": known} if len(known) > 1 else self.with_pattern(known[0])

    def with_pattern(self, schema: Schema) -> Schema:
        if self.tokens and self.tokens[-1].startswith("/"):
            return {**schema, "pattern": self.take()[1:-1]}
        return schema

    def named(self, word: str) -> Schema | None:
        simple = _SIMPLE.get(word.removesuffix("+"))
        if simple is None:
            return self.names(word)
        return {**simple, "minLength": 1} if word.endswith("+") else simple

    def take(self) -> str:
        if not self.tokens:
            raise ValueError(f"the text ends too early: {self.text}")
        return self.tokens.pop()

    def accept(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise ValueError(f"{token!r} is missing: {self.text}")

    def expect_end(self) -> None:
        if self.tokens:
            raise ValueError(f"{self.tokens[-1]!r} stands where the text should end: {self.text}")
