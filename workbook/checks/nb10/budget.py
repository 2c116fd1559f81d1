"""10.budget: how many connections a pool may hold, so that all of them fit the server."""

from typing import Any

from workbook.checks.answer import Answer, expect, show
from workbook.checks.verdict import NotYet

BUDGETS: tuple[tuple[tuple[int, int, int, int], int], ...] = (
    ((100, 10, 3, 4), 5),
    ((100, 4, 1, 1), 48),
    ((100, 0, 1, 1), 50),
    ((97, 0, 2, 4), 8),
    ((20, 5, 2, 5), 1),
    ((500, 20, 10, 8), 5),
)
TOO_FEW = ((10, 3, 3, 4), (100, 100, 1, 1), (5, 9, 1, 1))


async def check(answer: Answer) -> None:
    """Whole connections, one replica more, what is reserved left free; an error where none is."""
    function = answer.get()
    for given, wanted in BUDGETS:
        call = f"pool_size{given}"
        got = function(*given)
        if isinstance(got, float):
            raise NotYet(
                call,
                got=f"it returned {got!r}",
                wanted=f"{wanted}",
                ask="what is half a connection?",
            )
        expect(call, got, wanted, "how many pools are there at the worst moment?")
    for given in TOO_FEW:
        _refuses(function, given)


def _refuses(function: Any, given: tuple[int, ...]) -> None:
    call = f"pool_size{given}"
    try:
        got = f"it returned {show(function(*given))}"
    except ValueError:
        return
    except ArithmeticError as error:
        got = f"it raised {type(error).__name__}"
    raise NotYet(
        call, got=got, wanted="a ValueError", ask="what should a deployment do that cannot work?"
    )
