"""Checks: behaviour of an answer, in a fresh process, against a fresh database."""
