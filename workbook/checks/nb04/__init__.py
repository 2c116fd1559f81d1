"""Checks of notebook 04: a rename, a column that is filled, an index, upgrades in turn."""
