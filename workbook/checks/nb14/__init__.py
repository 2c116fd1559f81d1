"""Checks of notebook 14: a fault is gone, nothing else broke, and a test would have caught it."""
