"""Which module checks which exercise: `checks/nbNN/NAME.py` checks `NN.NAME`, by its `check`."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from workbook.checks.answer import Answer
from workbook.checks.verdict import Reason


@dataclass(frozen=True)
class Checker:
    """How one exercise is checked."""

    check: Callable[[Answer], Awaitable[Reason | None]]
    """Passes, and may say why this answer does; or raises NotYet."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that the answer finds when it is imported: ENVIRONMENT of the module."""
    imports: bool = True
    """Whether the answer is a module to import, and not parts of several: IMPORTS of the module."""


def module_name(exercise_id: str) -> str:
    """The module that checks an exercise: `workbook.checks.nb01.get_db` for `01.get_db`."""
    number, _, name = exercise_id.partition(".")
    return f"workbook.checks.nb{number}.{name}"


def modules_of(number: str) -> list[str]:
    """The modules that hold the checkers of a notebook, and what they share."""
    name = f"workbook.checks.nb{number}"
    folders = importlib.import_module(name).__path__
    return [name, *(f"{name}.{each.name}" for each in pkgutil.iter_modules(folders))]


def checker(exercise_id: str) -> Checker:
    """The checker of an exercise; ModuleNotFoundError where it has none."""
    module = importlib.import_module(module_name(exercise_id))
    imports = getattr(module, "IMPORTS", True)
    return Checker(module.check, getattr(module, "ENVIRONMENT", {}), imports)
