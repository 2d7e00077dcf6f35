"""The fixtures of all tests stand in tests/fixtures."""

# Whoever imports another stands behind it: pytest rewrites the asserts of a plugin only before its first import.
pytest_plugins = [
    "fixtures.brokers",
    "fixtures.browser",
    "fixtures.buckets",
    "fixtures.complete",
    "fixtures.engines",
    "fixtures.databases",
    "fixtures.serving",
    "fixtures.settling",
    "fixtures.insights",
    "fixtures.shared",
]
