"""Checks of notebook 12: JSON that is stored, a policy, the team of a unit of work, a test."""
