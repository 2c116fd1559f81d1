"""Checks of notebook 03: an async env.py, a corrected revision, a gate, a merge."""
