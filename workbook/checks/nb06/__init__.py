"""Checks of notebook 06: proving a loss, where the commit is, savepoints, a unit of work."""
