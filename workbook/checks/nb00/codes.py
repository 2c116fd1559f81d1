"""Check of 00.codes: statements side by side, and the code of each that PostgreSQL refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect, show
from workbook.checks.lent_lists import expect_as_it_was
from workbook.checks.messages import message
from workbook.checks.nb00 import meeting
from workbook.checks.nb00.awaited_calls import (
    expect_error,
    expect_nothing_open,
    expect_returned,
    result_of,
)
from workbook.checks.nb00.blocked_queries import expect_cancellable, wait_for_tasks_since
from workbook.checks.nb00.unusable_urls import NOBODY_LISTENS
from workbook.checks.verdict import NotYet, Reason

Codes = Callable[[str, list[str]], Awaitable[Any]]

_STATEMENTS = {
    "SELECT count(*) FROM incident": None,
    "SELECT 1 / (count(*) - count(*)) FROM incident": "22012",
    "SELECT title FROM incident": None,
    "INSERT INTO team (name) SELECT 'payments' FROM incident": "23505",
    "SELECT max(opened_at) FROM incident": None,
}
"""Each asks `incident`, and so waits for the others; what PostgreSQL says of it."""
_CALL = "codes(url, statements), with five statements"
_MEETING = meeting.Meeting(
    results="the right codes",
    each="statement",
    fewer="which statement was sent on its own, and which together with others?",
)
_TWO = ["SELECT count(*) FROM incident", "SELECT title FROM incident"]
_NUMBERED = "SELECT {} FROM incident"
_CALL_WITH_TWO = f"codes(url, {_TWO})"
_NO_ANSWER = "which errors did PostgreSQL send, and which happen before it is reached?"
_AROUND = (
    "where is a refusal caught: around all of the calls, or inside of the one that sends it? Who"
    " still waits for the others then?"
)
_PREPARED = "which call has PostgreSQL run a statement, and which one has it read only?"
_WITHOUT_GATHER = Reason(
    "Every statement has begun before the first one is waited for, each on a connection of its own,"
    " and each catches its own refusal, so none stops the others. Each code stands where its"
    " statement stood. The reference does it with `asyncio.gather`."
)


async def check(answer: Answer) -> Reason | None:
    """A code or None for each, in their order, five at once; nothing left open, no error hidden."""
    codes = answer.get()
    await meeting.prepare(answer)
    await _five(answer, codes)
    ask = "what should come back when nothing is asked?"
    got = await result_of("codes(url, [])", codes(answer.url, []))
    expect("codes(url, [])", got, [], outliving.question(got, [], ask))
    await meeting.end(answer)
    await _in_their_order(answer, codes)
    await _same_twice(answer, codes)
    await _other_errors_come_out(answer, codes)
    await expect_cancellable(answer, _CALL_WITH_TWO, codes(answer.url, _TWO), len(_TWO))
    call = "codes(url, statements), with twelve statements"
    await meeting.expect_no_limit(
        answer, call, "statement", lambda n: codes(answer.url, [_NUMBERED.format(i) for i in n])
    )
    return None if meeting.is_begun_by_gather(answer) else _WITHOUT_GATHER


async def _five(answer: Answer, codes: Codes) -> None:
    lent = [*_STATEMENTS]
    got = await _returned(answer, _CALL, codes(answer.url, lent))
    wanted = [*_STATEMENTS.values()]
    expect_returned(answer, _CALL, got, show(wanted))
    prepared = isinstance(got, list) and not any(got) and "prepare" in answer.called()
    expect(_CALL, got, wanted, _PREPARED if prepared else _question(got, wanted))
    expect_as_it_was(_CALL, lent, [*_STATEMENTS])
    await meeting.expect_met(answer, _CALL, _MEETING)
    ask = "does each connection get closed by whoever opened it, also after a refusal?"
    await expect_nothing_open(answer, _CALL, ask)


async def _returned(answer: Answer, call: str, returned: Any) -> Any:
    """The result; NotYet where PostgreSQL's refusal, or the driver's, came out in its place."""
    try:
        around = answer.catches_around("gather")
        return await meeting.result_with_opener(answer, call, returned, _AROUND if around else "")
    except asyncpg.PostgresError as error:
        ask = "who catches the refusal of one statement, so that the others get their answers?"
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted="the code in its place", ask=ask) from None


def _question(got: Any, wanted: list[str | None]) -> str:
    """The question that leads from this to the codes."""
    if not isinstance(got, list):
        return "is it a list?"
    if any(isinstance(each, BaseException) for each in got):
        return "which attribute of the error holds five characters and no prose?"
    if "None" in got:
        return "is a text that reads None the same as None?"
    if any(isinstance(each, str) and len(each) == 2 for each in got):
        return "how many characters has a code, and how many of them come back?"
    if any(isinstance(each, str) and len(each) != 5 for each in got):
        return "which attribute of the error holds five characters and no prose?"
    if len(got) == len(wanted) and sorted(map(str, got)) == sorted(map(str, wanted)):
        return "which code belongs to which statement?"
    if len(got) < len(wanted) and None in got:
        return "how many statements were there, and how many entries came back?"
    if len(got) < len(wanted):
        return "what stands in the place of a statement that was run?"
    return "what does the caller get of a statement that was run, and what of one that was refused?"


async def _in_their_order(answer: Answer, codes: Codes) -> None:
    """Whoever takes the answers as they come has the second one first, and not by luck."""
    statements = ["SELECT pg_sleep(0.2)", "SELECT 1 / 0"]
    got, wanted = await codes(answer.url, statements), [None, "22012"]
    expect(f"codes(url, {statements})", got, wanted, _question(got, wanted))


async def _same_twice(answer: Answer, codes: Codes) -> None:
    """One statement twice is two statements, and each is sent once."""
    insert = "INSERT INTO team (name) SELECT 'night ' || count(*) FROM team"
    await codes(answer.url, [insert])
    count = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name LIKE 'night %'")
    if count != 1:
        got = f"{show(count)} new rows"
        ask = "how often is the statement sent, and is it committed?"
        raise NotYet("codes(url, ['INSERT …'])", got=got, wanted="one new row", ask=ask)
    await codes(answer.url, [insert])
    if await answer.observer.fetchval("SELECT count(*) FROM team WHERE name LIKE 'night %'") < 2:
        call = "codes(url, ['INSERT …']), with a statement that it was given before"
        raise NotYet(call, got="it was not sent", wanted="one row more", ask=outliving.KEPT)
    await answer.observer.execute("CREATE SEQUENCE tries; GRANT ALL ON SEQUENCE tries TO PUBLIC")
    await codes(answer.url, ["SELECT nextval('tries') / 0"])
    if (tries := await answer.observer.fetchval("SELECT last_value FROM tries")) != 1:
        call, ask = "codes(url, statements), with one that is refused", "who asked for it again?"
        raise NotYet(call, got=f"it was sent {tries} times", wanted="once", ask=ask)
    call, same = "codes(url, statements), with one statement twice", ["SELECT 1 / 0"] * 2
    expect(call, await codes(answer.url, same), ["22012"] * 2, "may two statements be equal?")


async def _other_errors_come_out(answer: Answer, codes: Codes) -> None:
    """An error without a code reaches the caller: of an address, of one text among others."""
    before = asyncio.all_tasks()
    await expect_error(
        f"codes('{NOBODY_LISTENS}', ['SELECT 1'])",
        codes(NOBODY_LISTENS, ["SELECT 1"]),
        (OSError, ExceptionGroup),
        wanted="a ConnectionRefusedError, alone or in a group",
        ask=_NO_ANSWER,
    )
    call = "codes(url, statements), where one cannot be sent: half of a character is in it"
    await expect_error(
        call,
        codes(answer.url, ["SELECT 1", "SELECT '\ud800'"]),
        (UnicodeEncodeError, ExceptionGroup),
        wanted="the UnicodeEncodeError of Python, alone or in a group",
        ask=_NO_ANSWER,
    )
    await wait_for_tasks_since(before)
    await expect_nothing_open(answer, call, "which block runs whether or not there was an error?")
