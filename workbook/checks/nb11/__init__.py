"""Checks of notebook 11: a queue, a version, an order of locks, a rule, a retry."""
