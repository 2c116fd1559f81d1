"""How an answer calls `problem`, which makes the errors that a client gets."""

from typing import Any, cast

from fastapi import Response

from workbook.checks.answer import show
from workbook.checks.verdict import NotYet

_ORDER = "in which order does `problem` take the two?"
_IN_PARTS = "which of its parts is the status, and how does each part come to its own argument?"


def status_first(problem: Any, made: list[Response] | None = None) -> Any:
    """The function that makes answers, which `made` gets; NotYet where its status is no number."""

    def make(*given: Any, **named: Any) -> Response:
        status = named.get("status", given[0] if given else 0)
        if not isinstance(status, int):
            shown = ", ".join(show(each, 60) for each in given)
            raise NotYet(
                f"problem({shown})",
                got=f"its status is {show(status, 60)}",
                wanted="a number, and behind it the sentence",
                ask=_ORDER if isinstance(status, str) else _IN_PARTS,
            )
        answer = cast(Response, problem(*given, **named))
        if made is not None:
            made.append(answer)
        return answer

    return make
