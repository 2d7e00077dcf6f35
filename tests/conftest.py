"""The fixtures of all tests stand in tests/fixtures; here is their order."""

from __future__ import annotations

import pytest

# Whoever imports another stands behind it: pytest rewrites the asserts of a plugin only before its first import.
pytest_plugins = [
    "fixtures.brokers",
    "fixtures.browser",
    "fixtures.certificates",
    "fixtures.buckets",
    "fixtures.complete",
    "fixtures.engines",
    "fixtures.databases",
    "fixtures.serving",
    "fixtures.settling",
    "fixtures.insights",
    "fixtures.shared",
    "fixtures.releasing",
    "fixtures.guarded",
]

# Files whose tests wait, for what they have killed or for a browser, begin first: at the end nobody should be waiting alone.
_FIRST = ("soak", "concurrency", "clusters/test_consuming", "kernel", "journeys", "upgrade", "web", "docs", "deploy")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files that take long before the others."""
    home = config.rootpath / "tests"

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(home).as_posix()
        return next((n for n, first in enumerate(_FIRST) if path.startswith(first)), len(_FIRST))

    items.sort(key=place)
