"""Paths as browsers and servers clean them."""

from __future__ import annotations


def cleaned(path: str) -> str:
    """The *path* without empty and dot segments; it begins with one slash, and ends with one where it did."""
    if "//" not in path and "/." not in path and path.startswith("/"):
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")
