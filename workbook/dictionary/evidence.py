"""What an error can be recognised by: its classes, its message, its SQLSTATE, and its frames."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.base.causes import causes

SQL = "\n[SQL: "
"""From here on SQLAlchemy quotes the statement and its parameters, which can say anything."""


@dataclass(frozen=True)
class Evidence:
    """One error of a chain."""

    classes: frozenset[str]
    """The names of its class and of those above it, without their modules."""
    message: str
    sqlstate: str


@dataclass(frozen=True)
class Chain:
    """An error with all that lies under it."""

    errors: list[Evidence]
    """Outermost first."""
    places: frozenset[str]
    """Every function and module that its tracebacks pass; a module also as the packages above."""


def chain(error: BaseException) -> Chain:
    """What there is to see of this error."""
    found = list(causes(error))
    places = frozenset(place for each in found for place in _places(each))
    return Chain([_evidence(each) for each in found], places)


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code for the error, which SQLAlchemy's wrapper has from the driver; or ""."""
    for each in (error, getattr(error, "orig", None)):
        if code := getattr(each, "sqlstate", None):
            return str(code)
    return ""


def _evidence(error: BaseException) -> Evidence:
    classes = frozenset(each.__name__ for each in type(error).__mro__)
    return Evidence(classes, _message(error).partition(SQL)[0], sqlstate(error))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an error of the learner's own may have no words for itself
        return ""


def _places(error: BaseException) -> Iterator[str]:
    for frame, _ in traceback.walk_tb(error.__traceback__):
        yield frame.f_code.co_name
        packages = str(frame.f_globals.get("__name__", "")).split(".")
        yield from (".".join(packages[:count]) for count in range(1, len(packages) + 1))
