"""What an error can be recognised by: its classes, its message, its SQLSTATE, and its frames."""

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from workbook.base.causes import raised_from
from workbook.dictionary import libpq, statements, surroundings

SQL = "\n[SQL: "
"""From here on SQLAlchemy quotes the statement and its parameters, which can say anything."""

QUALIFIED = re.compile(r"'(?:\w+\.)+(\w+)'(?= object)")
STARS = "a password of asterisks"
"""A place of a traceback in which a library was given such a password to connect with."""
CONNECTS = ("asyncpg.", "sqlalchemy.")


@dataclass(frozen=True)
class Evidence:
    """One error of a chain."""

    classes: frozenset[str]
    """The names of its class and of those above it, without their modules."""
    message: str
    sqlstate: str
    places: frozenset[str]
    """What its traceback passes: functions, by their name and with their module, and modules and
    the packages above them; and `ends in …` for those of the frame that raised it; `STARS`, and
    what `surroundings` sees.
    """
    sql: frozenset[str] = frozenset()
    """What its statement shows, by the names of `statements.FORMS`."""


def chain(error: BaseException) -> list[Evidence]:
    """What there is to see of this error and of those that it was raised from, outermost first."""
    return [_evidence(each) for each in raised_from(error)]


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code for the error, which SQLAlchemy's wrapper has from the driver; or "".

    psycopg2 calls it `pgcode`, and where no connection came about, libpq has it in words only.
    """
    for each in (error, getattr(error, "orig", None)):
        if code := getattr(each, "sqlstate", None) or getattr(each, "pgcode", None):
            return str(code)
    return libpq.sqlstate(error, message(error))


def _evidence(error: BaseException) -> Evidence:
    classes = frozenset(each.__name__ for each in type(error).__mro__)
    said = _with_short_names(message(error).partition(SQL)[0])
    shown = statements.forms(said, statements.statement(error))
    return Evidence(classes, said, sqlstate(error), frozenset(_places(error)), shown)


def _with_short_names(said: str) -> str:
    """Also as it is where Python names a class without its module, which depends on its version."""
    short = QUALIFIED.sub(r"'\1'", said)
    return said if short == said else f"{said}\n{short}"


def message(error: BaseException) -> str:
    """Its own words, or "" where it has none."""
    try:
        return str(error)
    except Exception:  # an error of the learner's own may have no words for itself
        return ""


def _places(error: BaseException) -> Iterator[str]:
    place: list[str] = []
    for frame, _ in traceback.walk_tb(error.__traceback__):
        place = list(_place(frame))
        yield from place
        if _connects_with_stars(frame):
            yield STARS
    yield from (f"ends in {each}" for each in place)
    yield from surroundings.signs(error)


def _place(frame: FrameType) -> Iterator[str]:
    module = str(frame.f_globals.get("__name__", ""))
    yield from (frame.f_code.co_name, f"{module}.{frame.f_code.co_name}")
    packages = module.split(".")
    yield from (".".join(packages[:count]) for count in range(1, len(packages) + 1))


def _connects_with_stars(frame: FrameType) -> bool:
    """Whether a driver or SQLAlchemy holds a password there that is nothing but asterisks: by name,
    or among the arguments of a connection. Only dictionaries and asyncpg's own are looked into.
    """
    if not str(frame.f_globals.get("__name__", "")).startswith(CONNECTS):
        return False
    held = [_password(frame.f_locals.get(each)) for each in ("kw", "kwargs", "cparams", "params")]
    found = [frame.f_locals.get("password"), *held]
    return any(isinstance(each, str) and each and not each.strip("*") for each in found)


def _password(arguments: object) -> object:
    if type(arguments) is dict:
        return arguments.get("password")
    ours = type(arguments).__module__.startswith(CONNECTS[0])
    return getattr(arguments, "password", None) if ours else None
