"""How an answer calls `problem`, which makes the errors that a client gets."""

from typing import Any, cast

from fastapi import Response

from workbook.checks.answer import show
from workbook.checks.verdict import NotYet


def status_first(problem: Any) -> Any:
    """The function that makes answers; NotYet where its status is no number."""

    def made(*given: Any, **named: Any) -> Response:
        status = named.get("status", given[0] if given else 0)
        if isinstance(status, str):
            shown = ", ".join(show(each, 60) for each in given)
            raise NotYet(
                f"problem({shown})",
                got=f"its status is {show(status, 60)}",
                wanted="a number, and behind it the sentence",
                ask="in which order does `problem` take the two?",
            )
        return cast(Response, problem(*given, **named))

    return made
