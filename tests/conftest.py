"""The fixtures of all tests stand in tests/fixtures."""

pytest_plugins = ["fixtures.brokers", "fixtures.browser", "fixtures.engines", "fixtures.shared"]
