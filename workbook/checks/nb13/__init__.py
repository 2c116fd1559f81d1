"""Checks of notebook 13: what costs the same for any number of rows."""
