"""Which function checks which exercise: `check` in `checks/nbNN/NAME.py` checks `NN.NAME`."""

import importlib
import pkgutil
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


def module_name(exercise_id: str) -> str:
    """The module that checks an exercise: `workbook.checks.nb01.get_db` for `01.get_db`."""
    number, _, name = exercise_id.partition(".")
    return f"workbook.checks.nb{number}.{name}"


def modules_of(number: str) -> list[str]:
    """The modules that hold the checkers of a notebook, and what they share."""
    name = f"workbook.checks.nb{number}"
    package = importlib.import_module(name)
    folders = getattr(package, "__path__", [])
    return [name, *(f"{name}.{each.name}" for each in pkgutil.iter_modules(folders))]


def checker(exercise_id: str) -> Checker:
    """The checker of an exercise; ModuleNotFoundError where it has none."""
    package = importlib.import_module(f"workbook.checks.nb{exercise_id[:2]}")
    if not hasattr(package, "__path__"):  # not split yet
        return _CHECKERS[exercise_id]
    found: Checker = importlib.import_module(module_name(exercise_id)).check
    return found
