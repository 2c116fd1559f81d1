"""Checks of notebook 00: connections, concurrency, error codes."""
