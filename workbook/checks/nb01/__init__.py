"""Checks of notebook 01: the session factory, get_db, and a unit of work that fails."""
