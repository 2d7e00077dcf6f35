"""Package URLs: what an artifact id means, however it is spelled.

For warnings and for reading: the database works out its base nodes by itself.
"""

from __future__ import annotations

import re

from packageurl import PackageURL

_SCHEME = re.compile(r"pkg:/*", re.IGNORECASE)
# The spelling nearly every sender uses: no need to take it apart to know that it is one.
_PLAIN = re.compile(
    r"pkg:[a-z][a-z0-9.+-]*(?:/[A-Za-z0-9][\w.~%:+-]*)+(?:@[\w.~%:+-]+)?(?:\?[a-z][a-z0-9._-]*=[\w.~%:/@+-]+)?",
    re.ASCII,
)


def is_purl(text: str) -> bool:
    """Whether *text* is a package URL in any spelling."""
    return _PLAIN.fullmatch(text) is not None or _parsed(text) is not None


def canonical(text: str) -> str | None:
    """The one spelling of the package URL *text*, or ``None`` when it is none.

    Scheme and type become lower case, qualifiers are sorted, ``pkg://`` loses its slashes: two spellings of one
    package in one version are equal texts.
    """
    purl = _parsed(text)
    return None if purl is None else purl.to_string()


def base(text: str) -> str | None:
    """The package that *text* is a version of: type, namespace and name, without version, qualifiers and subpath.

    The registry it was fetched from (``repository_url``) is no part of it. ``None`` when *text* is no package URL.
    """
    purl = _parsed(text)
    return None if purl is None else PackageURL(purl.type, purl.namespace, purl.name).to_string()


def _parsed(text: str) -> PackageURL | None:
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    try:
        return PackageURL.from_string("pkg:" + text[scheme.end() :])
    except ValueError:
        return None
