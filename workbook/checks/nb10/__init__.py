"""Checks of notebook 10: an engine with limits, a budget, who forgot to give back, and again."""
