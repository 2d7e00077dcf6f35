"""What can go wrong, told apart by who must act.

Every fault carries a ``code``: a short, stable, lower-case word with dashes (``not-found``) that doors show and tests compare. The sentence is for
people and may change. Anything that is not a :class:`Fault` is a bug and is let through.
"""

from __future__ import annotations


class Fault(Exception):  # noqa: N818  # the subclasses are adjectives of a sentence: "raise Rejected(...)"
    """Something that somebody outside this program can mend."""

    def __init__(self, message: str, *, code: str) -> None:
        """Keep the sentence for people and the *code* for programs."""
        super().__init__(message)
        self.message = message
        self.code = code


class Rejected(Fault):
    """The sender must act: what was sent cannot be accepted as it is."""


class Forbidden(Fault):
    """The caller must act: known or unknown, it may not do this."""


class NotFound(Fault):
    """The caller must act: nothing stands under that name."""


class Unavailable(Fault):
    """Time must act: the database or the broker does not answer now; the same call may succeed later."""


class Misconfigured(Fault):
    """The operator must act: a setting, a privilege or the state of the database does not fit."""
