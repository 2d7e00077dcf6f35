"""The fixtures of all tests stand in tests/fixtures."""

pytest_plugins = ["fixtures.engines", "fixtures.shared"]
