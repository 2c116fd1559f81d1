"""10.replicas: how many replicas fit the server, when each pool overflows and one more starts."""

from math import ceil
from typing import Any

from workbook.checks.answer import Answer, show
from workbook.checks.calling import calling
from workbook.checks.nb10 import formulas
from workbook.checks.verdict import NotYet

Service = tuple[int, int, int, int, int]
"""`max_connections`, `reserved`, `workers`, `pool_size`, `max_overflow`."""

SERVICES: tuple[tuple[Service, int], ...] = (
    ((100, 10, 4, 5, 0), 3),
    ((100, 10, 2, 5, 10), 2),
    ((103, 3, 5, 4, 1), 3),
    ((97, 5, 2, 7, 0), 5),
    ((92, 10, 4, 5, 0), 3),
    ((500, 20, 8, 5, 1), 9),
    ((95, 5, 3, 4, 2), 4),
    ((20, 3, 1, 5, 5), 0),
    ((100, 3, 4, 20, 40), 0),
    ((5, 9, 1, 1, 0), 0),
)
MISTAKES: tuple[formulas.Mistake, ...] = (
    (
        lambda all_, kept, w, size, more: (all_ - kept) // (w * (size + more)),
        "how many replicas are there during a roll-out?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept) // (w * size) - 1,
        "how many connections can a pool have while it overflows?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept) // (w * size + more) - 1,
        "whose is the overflow: a replica's, or that of each pool?",
    ),
    (
        lambda all_, kept, w, size, more: all_ // (w * (size + more)) - 1,
        "which connections may no pool take?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ + kept) // (w * (size + more)) - 1,
        "which connections may no pool take?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept) // ((w + 1) * (size + more)),
        "what is there one more of during a roll-out: replicas, or workers?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept) // w * (size + more) - 1,
        "which does Python do first in `a // b * c`?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - 1 - kept) // (w * (size + more)) - 1,
        "may the replicas have every connection that is not reserved, or all but one?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - 3 - kept) // (w * (size + more)) - 1,
        "are those for superusers not among `reserved` already?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept) // (size + more) - 1,
        "how many pools has one replica?",
    ),
    (
        lambda all_, kept, w, size, more: (all_ - kept - size - more) // (w * (size + more)),
        "how many pools has the one replica more?",
    ),
    (
        lambda all_, kept, w, size, more: w * max((all_ - kept) // (w * (size + more)) - 1, 0),
        "does it return replicas, or their workers?",
    ),
    (
        lambda all_, kept, w, size, more: round((all_ - kept) / (w * (size + more))) - 1,
        "what do all of them hold together, where you round up?",
    ),
    (
        lambda all_, kept, w, size, more: ceil((all_ - kept) / (w * (size + more))) - 1,
        "what do all of them hold together, where you round up?",
    ),
)


async def check(answer: Answer) -> None:
    """Whole replicas, with room for one more and for all that stays free; 0 where there is none."""
    function = answer.get()
    calls = [(given, _returned(function, given)) for given, _ in SERVICES]
    for (given, got), (_, wanted) in zip(calls, SERVICES, strict=True):
        if got != wanted or isinstance(got, float):
            raised = isinstance(got, ValueError)
            said = f"it raised ValueError: {got}" if raised else f"it returned {show(got)}"
            ask = answer.ask_of_none() if got is None else _question(calls)
            raise NotYet(f"most_replicas{given}", got=said, wanted=f"{wanted}", ask=ask)


def _returned(function: Any, given: Service) -> Any:
    """What it returns; where it finds that there is no room, its ValueError."""
    try:
        with calling(f"most_replicas{given}"):
            return function(*given)
    except ValueError as error:
        return error


def _question(calls: list[tuple[Service, Any]]) -> str:
    """The question of what is returned where there is no room, or of the mistake behind all."""
    got = [each for _, each in calls]
    if any(isinstance(each, float) for each in got):
        return "what is half a replica?"
    elsewhere = all(
        each == wanted for each, (_, wanted) in zip(got, SERVICES, strict=True) if wanted
    )
    no_room = [each for each, (_, wanted) in zip(got, SERVICES, strict=True) if not wanted]
    if elsewhere and any(isinstance(each, ValueError) for each in no_room):
        return "what does the task want where there is no room?"
    if elsewhere and set(no_room) == {1}:
        return "is there room for that one, and for the one more of a roll-out?"
    if elsewhere and all(isinstance(each, int) and each <= 0 for each in no_room):
        return "can a service have fewer replicas than none?"
    return formulas.question(MISTAKES, calls, _explains) or (
        "how many connections do all replicas hold at the worst moment?"
    )


def _explains(formula: int, got: Any) -> bool:
    """A number that follows from it, whatever is made of one below zero."""
    found = 0 if isinstance(got, ValueError) else got
    return isinstance(found, int) and max(formula, 0) == max(found, 0)
