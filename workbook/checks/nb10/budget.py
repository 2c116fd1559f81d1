"""10.budget: how many connections a pool may hold, so that all of them fit the server."""

from math import ceil
from typing import Any

from workbook.checks.answer import Answer, show
from workbook.checks.calling import calling
from workbook.checks.nb10 import formulas
from workbook.checks.verdict import NotYet

Deployment = tuple[int, int, int, int]
"""`max_connections`, `reserved`, `replicas`, `workers`."""

BUDGETS: tuple[tuple[Deployment, int], ...] = (
    ((100, 10, 3, 4), 5),
    ((100, 4, 1, 1), 48),
    ((100, 3, 1, 1), 48),
    ((97, 5, 2, 4), 7),
    ((20, 5, 2, 5), 1),
    ((500, 20, 10, 8), 5),
)
TOO_FEW: tuple[Deployment, ...] = (
    (10, 3, 3, 4),
    (100, 100, 1, 1),
    (5, 9, 1, 1),
    (18, 3, 3, 4),
)
"""The last one is fifteen connections for sixteen pools: rounded, they are one for each."""
MISTAKES: tuple[formulas.Mistake, ...] = (
    (lambda all_, kept, r, w: (all_ - kept) // (r * w), "how many replicas run during a roll-out?"),
    (lambda all_, kept, r, w: (all_ - kept) // (r * w + 1), "has the one replica more one worker?"),
    (lambda all_, kept, r, w: (all_ - kept) // (r + 1), "how many pools has one replica?"),
    (
        lambda all_, kept, r, w: (all_ - kept) // (r + 1 * w),
        "which does Python do first in `a + 1 * b`?",
    ),
    (
        lambda all_, kept, r, w: (all_ - kept) // (r * (w + 1)),
        "what is there one more of during a roll-out: replicas, or workers?",
    ),
    (lambda all_, kept, r, w: (all_ - kept) // w, "how many replicas have such workers?"),
    (
        lambda all_, kept, r, w: (all_ - kept) // (r + 1) * w,
        "which does Python do first in `a // b * c`?",
    ),
    (
        lambda all_, kept, r, w: (all_ - kept) // r * w,
        "which does Python do first in `a // b * c`?",
    ),
    (
        lambda all_, kept, r, w: (all_ - 1 - kept) // ((r + 1) * w),
        "may the pools have every connection that is not reserved, or all but one?",
    ),
    (lambda all_, kept, r, w: all_ // ((r + 1) * w), "which connections may no pool take?"),
    (
        lambda all_, kept, r, w: (all_ + kept) // ((r + 1) * w),
        "which connections may no pool take?",
    ),
    (
        lambda all_, kept, r, w: (all_ - 3 - kept) // ((r + 1) * w),
        "are the three of the superusers not among `reserved` already?",
    ),
    (
        lambda all_, kept, r, w: (all_ - kept) // ((r + 1) * w) * (r + 1) * w,
        "is that what all pools have together, or what each of them has?",
    ),
    (
        lambda all_, kept, r, w: all_ // ((r + 1) * w) - kept,
        "does each pool keep connections free, or all of them together?",
    ),
    (
        lambda all_, kept, r, w: ceil((all_ - kept) / ((r + 1) * w)),
        "what do all pools hold together, where you round up?",
    ),
    (
        lambda all_, kept, r, w: round((all_ - kept) / ((r + 1) * w)),
        "what do all pools hold together, where you round up?",
    ),
    (
        lambda all_, kept, r, w: int((all_ - kept) / ((r + 1) * w) + 0.5),
        "what do all pools hold together, where you round up?",
    ),
)


async def check(answer: Answer) -> None:
    """Whole connections, one replica more, what is reserved left free; an error where none is."""
    function = answer.get()
    sizes = [_size(function, given) for given, _ in BUDGETS]
    for (given, wanted), size in zip(BUDGETS, sizes, strict=True):
        if size != wanted or isinstance(size, float):
            raised = isinstance(size, ValueError)
            got = f"it raised ValueError: {size}" if raised else f"it returned {show(size)}"
            ask = answer.ask_of_none() if size is None else _question(sizes)
            raise NotYet(_named(given), got=got, wanted=f"{wanted}", ask=ask)
    for given in TOO_FEW:
        _refuses(function, given)


def _size(function: Any, given: Deployment) -> Any:
    """What it returns; where it finds the connections too few, its ValueError."""
    try:
        with calling(_named(given)):
            return function(*given)
    except ValueError as error:
        return error


def _named(given: Deployment) -> str:
    return f"pool_size{given}"


def _question(sizes: list[Any]) -> str:
    """The question of the mistake that explains every size; else one that any answer can take."""
    if all(
        size == wanted or (wanted == 1 and isinstance(size, ValueError))
        for (_, wanted), size in zip(BUDGETS, sizes, strict=True)
    ):
        return "is one connection for each pool too few?"
    if any(isinstance(each, float) for each in sizes):
        return "what is half a connection?"
    calls = [(given, size) for (given, _), size in zip(BUDGETS, sizes, strict=True)]
    return formulas.question(MISTAKES, calls, _explains) or (
        "how many pools share how many connections, at the worst moment?"
    )


def _explains(formula: int, size: Any) -> bool:
    """A size that follows from it; below one connection, whatever a guard makes of that."""
    return formula < 1 or bool(size == formula)


def _refuses(function: Any, given: Deployment) -> None:
    ask = "what should a deployment do that cannot work?"
    if given == TOO_FEW[-1]:
        ask = "how many pools share them, and does each get one?"
    try:
        size = function(*given)
        got = f"it returned {show(size)}"
        if isinstance(size, Exception):
            ask = "what happens to an error that is returned, and what to one that is raised?"
    except ValueError:
        return
    except ArithmeticError as error:
        got = f"it raised {type(error).__name__}"
    except AssertionError:
        got = "it raised AssertionError"
        asserted = "which error does the task name, and what does `python -O` make of an `assert`?"
        raise NotYet(_named(given), got=got, wanted="a ValueError", ask=asserted) from None
    raise NotYet(_named(given), got=got, wanted="a ValueError", ask=ask)
