"""Titles of incidents that a call returns: strings, in the order of their opening, and errors."""

import ast
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from workbook.checks.answer import Answer, show
from workbook.checks.messages import message
from workbook.checks.nb00.awaited_calls import expect_error, expect_nothing_open, expect_returned
from workbook.checks.nb00.unusable_urls import ANOTHER_ADDRESS, NOBODY_LISTENS, of_unknown_user
from workbook.checks.verdict import NotYet

OfUrl = Callable[[str], Awaitable[Any]]
"""The learner's function, with everything but the address."""

RETURNS_LAST = "which `return` runs last, and what does it give?"
"""The question where a `return` in a `finally` replaces what was found."""

ANOTHER_NIGHT = """
INSERT INTO team (name) VALUES ('night');
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Alarm, number ' || n / 2, 'unknown',
       (ARRAY['open', 'reopened', 'snoozed', 'Open'])[n % 4 + 1],
       timestamptz '2025-12-30 23:00+00' + n * interval '5 hours' FROM generate_series(1, 400) AS n
"""
"""More rows, equal titles, commas, other statuses and spellings, a new team, another year."""


def are_strings(answer: Answer, call: str, got: Any) -> None:
    """NotYet unless this is a list of titles."""
    expect_returned(answer, call, got, "a list of titles")
    strings = isinstance(got, list) and all(isinstance(each, str) for each in got)
    if strings and not any("<Record " in each for each in got):
        return
    raise NotYet(
        call,
        got=f"it returned {show(got)}",
        wanted="a list of titles, each a string",
        ask=_question_of_kind(answer, got),
    )


def _question_of_kind(answer: Answer, got: Any) -> str:
    """The question that leads from this to a list of strings."""
    if isinstance(got, str) and "join" in answer.called():
        return "is that one text, or a list of texts?"
    if isinstance(got, str) and got.startswith("["):
        return "is that a list, or one text that looks like a list?"
    if isinstance(got, str) and "fetch" in answer.called():
        return "whose title is that, and which line leaves the other rows out?"
    if isinstance(got, str):
        return "which method gives one value, and which one a record for each row?"
    if isinstance(got, list) and all(isinstance(each, asyncpg.Record) for each in got):
        return "how do you take one column out of a record?"
    if isinstance(got, list) and all(isinstance(each, str) for each in got):
        return "what does `str` make of a record, and how do you take one column out of it?"
    if isinstance(got, list):
        return "is each element of the list a title, or something that holds one?"
    return "is it a list?"


def question_of_order(answer: Answer, got: list[str], wanted: list[str]) -> str:
    """The question that leads from this order to the newest first."""
    if got == sorted(wanted) and answer.called() & {"sorted", "sort"}:
        return "they are in the order of the alphabet: which line of Python put them there?"
    if _makes_a_set(answer):
        return "in which order does a set give what it holds?"
    by_time = "opened_at" in answer.source().lower()
    if got == wanted[::-1] and by_time:
        return "which direction is newest first?"
    return "which column says when an incident was opened, and does the SQL order by it?"


def _makes_a_set(answer: Answer) -> bool:
    """Whether the titles go through a set, which has no order."""
    sets = (ast.Set, ast.SetComp)
    every = ast.walk(ast.parse(answer.source()))
    return "set" in answer.called() or any(isinstance(each, sets) for each in every)


async def expect_not_let_in(answer: Answer, call: str, function: OfUrl) -> None:
    """Without a connection there is no list, not even an empty one; `call` has a place: {url}."""
    ask = "is a night that nobody could look at a quiet night?"
    await expect_error(
        call.format(url=repr(NOBODY_LISTENS)),
        function(NOBODY_LISTENS),
        OSError,
        wanted="a ConnectionRefusedError, so that the caller knows",
        ask=ask,
        if_found=ANOTHER_ADDRESS,
    )
    await expect_error(
        f"{call.format(url='url')}, as a user whom the server does not believe",
        function(of_unknown_user(answer.url)),
        asyncpg.InvalidAuthorizationSpecificationError,
        wanted="PostgreSQL's own error, so that the caller knows",
        ask=ask,
    )


async def expect_failure_told(answer: Answer, call: str, function: OfUrl) -> None:
    """While the table is missing, PostgreSQL's error comes out, and no connection is left."""
    call = f"{call}, while the table is missing"
    wanted = "PostgreSQL's own error, so that the caller knows"
    ask = "who decides what a failed query means: this function or its caller?"
    await answer.observer.execute("ALTER TABLE incident RENAME TO incident_gone")
    try:
        await function(answer.url)
    except asyncpg.UndefinedTableError:
        await expect_nothing_open(answer, call, "what runs on success and on error alike?")
    except Exception as error:
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted=wanted, ask=ask) from None
    else:
        raise NotYet(call, got="no error came out", wanted=wanted, ask=ask)
    await answer.observer.execute("ALTER TABLE incident_gone RENAME TO incident")
