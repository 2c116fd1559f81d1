"""Which function checks which exercise; one module a notebook, found by the notebook's number."""

import importlib
from collections.abc import Awaitable, Callable

from workbook.checks.answer import Answer

Checker = Callable[[Answer], Awaitable[None]]
_CHECKERS: dict[str, Checker] = {}


def checks(exercise_id: str) -> Callable[[Checker], Checker]:
    """Register the decorated coroutine function as the checker of this exercise."""

    def register(checker: Checker) -> Checker:
        _CHECKERS[exercise_id] = checker
        return checker

    return register


def checker(exercise_id: str) -> Checker:
    """The checker of an exercise; KeyError when its module defines none."""
    importlib.import_module(f"workbook.checks.nb{exercise_id[:2]}")
    return _CHECKERS[exercise_id]
