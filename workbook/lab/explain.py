"""What an error means: its root cause, and its entry in the error dictionary."""

from collections.abc import Sequence

from workbook import dictionary, material
from workbook.base.causes import handled, members, raised_from
from workbook.base.problem import Problem
from workbook.dictionary import libpq, server
from workbook.display.card import Card
from workbook.lab import frames

_LIKELIEST = "Causes, the likeliest first:"
_LATER = "And, in words of a later notebook:"
CHECKS = "What a check has found stands below the check."


def explain(error: BaseException | None, notebook: str = "") -> Card:
    """The error in words: what was raised, what lies under it, what it means, what to do.

    `notebook` is the one that runs, two digits: its own entries come first.
    """
    if error is None:
        return Card("Nothing to explain", f"No cell has failed since the kernel started. {CHECKS}")
    known = dictionary.entry(error, notebook)
    said = _from_entry(known, notebook) if known else _without_entry(error)
    which = frames.own_line(error) if known else ""
    fields = [line for each in raised_from(error) for line in dictionary.faults(each)]
    lines = [which, _root_cause(error), *fields, *said, _handled(error)]
    return Card(type(error).__name__, "\n".join(filter(None, lines)))


def is_explained(error: BaseException, notebook: str) -> bool:
    """Whether the dictionary says more of this error than of every error of Python's."""
    if isinstance(error, Problem):
        return False
    return dictionary.entry(error, notebook) is not None or bool(_of_sqlstate(error))


def _from_entry(known: material.ErrorEntry, notebook: str) -> list[str]:
    where = f"You meet it in {known.notebook}.ipynb." if known.notebook else ""
    fix = dictionary.known_part(known.fix, notebook) or known.fix
    return [known.means, *_causes(known.causes, notebook), f"Fix: {fix}", where]


def _causes(causes: Sequence[str], notebook: str = "") -> list[str]:
    """One on a line of its own, each with its number where there are several.

    What a later notebook explains comes behind the rest.
    """
    if len(causes) == 1:
        return [f"Cause: {causes[0]}"]
    known, later = dictionary.known_first(causes, notebook)
    lines = [f"({n}) {each}" for n, each in enumerate([*known, *later], 1)]
    behind = [_LATER] if known and later else []
    return [_LIKELIEST, *lines[: len(known)], *behind, *lines[len(known) :]]


def _without_entry(error: BaseException) -> list[str]:
    """What kind of error it is, and who raised it, on behalf of which line."""
    if isinstance(error, Problem):
        return ["The workbook says this itself, and what to do now:", str(error)]
    kind = _of_sqlstate(error) or dictionary.of_kind(error)
    places = [server.adds(error), frames.raised_in(error), frames.own_line(error)]
    return [kind, *places, "The dictionary has no entry for it."]


def _of_sqlstate(error: BaseException) -> str:
    codes = (dictionary.sqlstate(each) for each in raised_from(error))
    return next((words for code in codes if (words := dictionary.of_sqlstate(code))), "")


def _root_cause(error: BaseException) -> str:
    """What lies under the error: what the driver said, else what came first; with the SQLSTATE."""
    if len(several := members(error)) > 1:
        return f"The group has {len(several)} errors: {'; '.join(map(_line, several))}."
    below = [each for each in raised_from(error) if each is not error]
    code = dictionary.sqlstate(error)
    if not below:
        return f"PostgreSQL's code for it is SQLSTATE {code}." if code else ""
    driver = [each for each in below if libpq.is_drivers(each)]
    root = (driver or below)[-1]
    code = dictionary.sqlstate(root)
    return f"Under it lies {_name(root)}" + (f", SQLSTATE {code}." if code else ".")


def _handled(error: BaseException) -> str:
    before = handled(error)
    return f"It was raised while {_name(before)} was being handled." if before else ""


def _line(error: BaseException) -> str:
    """Its class, and the first line of its message."""
    said = str(error).partition("\n")[0]
    return f"{_name(error)} ({said})" if said else _name(error)


def _name(error: BaseException) -> str:
    module = type(error).__module__.split(".")[0]
    name = type(error).__name__
    return name if module == "builtins" else f"{module}'s {name}"
