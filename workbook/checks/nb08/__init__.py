"""Checks of notebook 08: a Postgres for the run, a transaction for each test, a promise kept."""
