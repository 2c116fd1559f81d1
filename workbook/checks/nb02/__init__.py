"""Checks of notebook 02: typed models, loading a page, rules in the database."""

from workbook.checks.nb02 import type_checker


def work_ahead() -> None:
    """What the first check would wait for, long before it is asked for."""
    if filling := type_checker.start_filling_cache("02", type_checker.MODELS):
        type_checker.until_full(filling)
