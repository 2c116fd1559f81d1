"""The settings under which these checks import the learner's app."""

SMALL_AND_SHORT = {"POOL_SIZE": "3", "POOL_TIMEOUT": "0.3", "PATIENCE": "2.5"}
"""A pool that is soon empty, and waits that are soon over; the two times are in seconds."""
