"""How code is coloured: little, so that what matters in an example is what it says."""

from __future__ import annotations

from typing import ClassVar

from pygments.style import Style
from pygments.token import Comment, Error, Keyword, Literal, Name, Number, Operator, Punctuation, String, Token


def _styles(*, ink: str, quiet: str, accent: str, text: str, mark: str) -> dict[object, str]:
    return {
        Token: ink,
        Comment: quiet,
        Keyword: accent,
        Keyword.Constant: mark,
        Literal: mark,
        Number: mark,
        String: text,
        Name.Tag: accent,
        Name.Variable: mark,
        Name.Builtin: ink,
        Operator.Word: accent,
        Punctuation: ink,
        Error: ink,
    }


class Light(Style):
    """On white, with the colours of the pages."""

    background_color = "#f5f7f9"
    styles: ClassVar = _styles(ink="#16191d", quiet="#59626d", accent="#0b57a4", text="#1a6b3c", mark="#8a4b00")


class Dark(Style):
    """On black."""

    background_color = "#1a1e22"
    styles: ClassVar = _styles(ink="#e3e7eb", quiet="#98a3ae", accent="#7fb8f3", text="#8fd3a8", mark="#f0b35e")
