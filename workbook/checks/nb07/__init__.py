"""Checks of notebook 07: repository functions, conflicts, an idempotent intake, rules."""
