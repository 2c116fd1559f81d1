"""Drills: the app with a fault in it, who complains, and what was done until it was over."""
