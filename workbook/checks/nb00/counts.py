"""What count_by_status may return: a number for each status, or one of the things that are none."""

import asyncio
import inspect
from typing import Any

import asyncpg

from workbook.checks.answer import Answer, expect, show
from workbook.checks.nb00.awaited_calls import expect_returned
from workbook.checks.verdict import NotYet


def are_counts(answer: Answer, call: str, got: Any, wanted: dict[str, int]) -> None:
    """NotYet unless these are the counts, with what tells one mistake from another."""
    expect_returned(answer, call, got, "a number for each status")
    if isinstance(got, dict):
        _are_numbers(answer, call, got)
        _every_status(call, got, wanted)
    ask = "which count belongs to which status?"
    if not isinstance(got, dict | list):
        ask = "is it a dict?"
    if isinstance(got, dict) and len(got) > 1 and len({*got.values()}) == 1:
        ask = "for which status has each of your calls asked, when it ran?"
    elif isinstance(got, dict) and all("%" in str(each) for each in _wrong(got, wanted)):
        ask = "of which comparison is `%` a sign for any text: of `=`, or of LIKE?"
    expect(call, got, wanted, ask)


def _wrong(got: dict[Any, Any], wanted: dict[str, int]) -> list[Any]:
    """The statuses whose count is another one."""
    return [each for each in got if got[each] != wanted.get(each)]


def _are_numbers(answer: Answer, call: str, got: dict[Any, Any]) -> None:
    other = [each for each in got.values() if not isinstance(each, int)]
    if other:
        raise NotYet(
            call,
            got=f"it returned {show(got)}",
            wanted="a number for each status",
            ask=_question_of_kind(answer, other[0]),
        )


def _question_of_kind(answer: Answer, value: Any) -> str:
    """The question that leads from this to a number."""
    if inspect.iscoroutine(value) and answer.called() & {"to_thread", "run_in_executor"}:
        return "what does an `async def` give that a thread calls, and who awaits that?"
    if inspect.iscoroutine(value):
        return "is a coroutine, which has not been awaited, the number itself?"
    if isinstance(value, asyncio.Future):
        return "a task is not its result: who awaits it?"
    if isinstance(value, asyncpg.Record):
        return "how do you take the one value out of a record?"
    if isinstance(value, list) and all(isinstance(each, int) for each in value):
        return "what does `gather` give: the one result, or a list of all of them?"
    if isinstance(value, list):
        return "which method gives one value, and which one gives every row?"
    if isinstance(value, str) and value.isdigit():
        return "is a text of digits a number?"
    if isinstance(value, str):
        return "which of the two is the key of a dict, and which its value?"
    return ""


def _every_status(call: str, got: dict[Any, Any], wanted: dict[str, int]) -> None:
    missing = [each for each in wanted if each not in got]
    if missing:
        ask = "which row does a query give for a status that no incident has?"
        if any(wanted[each] for each in missing):
            ask = "which statuses does your code ask for: those that it is given?"
        raise NotYet(
            call,
            got=f"there is no {show(missing[0])} in what it returned: {show(got)}",
            wanted="every status that was asked for, also where its count is 0",
            ask=ask,
        )
    if others := [each for each in got if each not in wanted]:
        raise NotYet(
            call,
            got=f"{show(others[0])} is in what it returned, too: {show(got)}",
            wanted="the statuses that were asked for, and no other",
            ask="where does `statuses` stand in the query?",
        )
