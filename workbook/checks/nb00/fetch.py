"""Check of 00.fetch: the titles of the open incidents, over a connection that is always closed."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from workbook.checks.answer import Answer, expect, show
from workbook.checks.messages import message
from workbook.checks.nb00.awaited_calls import (
    expect_error,
    expect_nothing_open,
    expect_returned,
    result_of,
)
from workbook.checks.nb00.blocked_queries import expect_cancellable
from workbook.checks.nb00.unusable_urls import NOBODY_LISTENS, of_unknown_user
from workbook.checks.verdict import NotYet, Reason

OpenIncidents = Callable[[str], Awaitable[Any]]

_ANOTHER_NIGHT = """
INSERT INTO team (name) VALUES ('night');
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Alarm, number ' || n / 2, 'unknown', (ARRAY['open', 'reopened', 'snoozed'])[n % 3 + 1],
       timestamptz '2025-12-30 23:00+00' + n * interval '5 hours' FROM generate_series(1, 400) AS n
"""
"""More rows, equal titles, commas, other statuses, a new team, another year."""
_TWO_ALIKE = """
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Pager is silent', 'minor', 'open', '2026-01-02 03:04+00' FROM generate_series(1, 2)
"""
"""Two incidents that nobody can tell apart by title or time."""


_OTHERWISE = Reason(
    "The connection is closed on success, on error and on cancellation, so the backend always goes"
    " home. The titles are put in the order of `opened_at`; without that, the order is whatever the"
    " plan of the day gives. The reference does it with a `finally` and with `ORDER BY`."
)


async def check(answer: Answer) -> Reason | None:
    """Titles as strings, open ones only, newest first; no connection left, whatever happens."""
    call = "open_incidents(url)"
    open_incidents = answer.get()
    await _titles(answer, call, open_incidents)
    await expect_nothing_open(answer, call, "who closes the connection, and when?")
    await answer.observer.execute(_ANOTHER_NIGHT)
    await _titles(answer, f"{call}, another night", open_incidents)
    await _nothing_is_open(answer, open_incidents)
    await answer.observer.execute(_TWO_ALIKE)
    await _titles(answer, "open_incidents(url), with two alike", open_incidents)
    await _query_fails(answer, open_incidents)
    await _not_let_in(answer, open_incidents)
    await expect_cancellable(answer, "open_incidents(url)", open_incidents(answer.url))
    text = answer.source()
    return None if "finally" in text and "ORDER BY" in text.upper() else _OTHERWISE


async def _nothing_is_open(answer: Answer, open_incidents: OpenIncidents) -> None:
    await answer.observer.execute("DELETE FROM incident")
    call = "open_incidents(url), when nothing is open"
    await _titles(answer, call, open_incidents)
    await expect_nothing_open(answer, call, "which path leaves without closing?")


async def _titles(answer: Answer, call: str, open_incidents: OpenIncidents) -> None:
    got = await result_of(call, open_incidents(answer.url))
    _are_strings(call, got)
    rows = await answer.observer.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    wanted = [row["title"] for row in rows]
    ask = "which incidents does the night shift ask for?"
    if got == wanted[:1] and answer.called() & {"fetchval", "fetchrow"}:
        ask = "which method gives every row, and which one the first row or its first value only?"
    elif set(got) < set(wanted):
        ask = "which line ends before it has seen every row, or leaves rows out?"
    elif set(got) == set(wanted):
        ask = "may two incidents bear one title, or be opened at one moment?"
    if sorted(got) != sorted(wanted):
        expect(call, got, wanted, ask)
    expect(call, got, wanted, _question_of_order(answer, got, wanted))


def _question_of_order(answer: Answer, got: list[str], wanted: list[str]) -> str:
    """The question that leads from this order to the newest first."""
    if got == sorted(wanted) and answer.called() & {"sorted", "sort"}:
        return "they are in the order of the alphabet: which line of Python put them there?"
    if got == wanted[::-1]:
        return "which direction is newest first?"
    return "which column says when an incident was opened, and does the SQL order by it?"


def _are_strings(call: str, got: Any) -> None:
    expect_returned(call, got, "a list of titles")
    are_strings = isinstance(got, list) and all(isinstance(each, str) for each in got)
    if are_strings and not any("<Record " in each for each in got):
        return
    raise NotYet(
        call,
        got=f"it returned {show(got)}",
        wanted="a list of titles, each a string",
        ask=_question_of_kind(got),
    )


def _question_of_kind(got: Any) -> str:
    """The question that leads from this to a list of strings."""
    if isinstance(got, str):
        return "which method gives one value, and which one a record for each row?"
    if isinstance(got, list) and all(isinstance(each, asyncpg.Record) for each in got):
        return "how do you take one column out of a record?"
    if isinstance(got, list) and all(isinstance(each, str) for each in got):
        return "what does `str` make of a record, and how do you take one column out of it?"
    return "" if isinstance(got, list) else "is it a list?"


async def _not_let_in(answer: Answer, open_incidents: OpenIncidents) -> None:
    """Without a connection there is no list, not even an empty one."""
    ask = "is a night that nobody could look at a quiet night?"
    await expect_error(
        f"open_incidents('{NOBODY_LISTENS}')",
        open_incidents(NOBODY_LISTENS),
        OSError,
        wanted="a ConnectionRefusedError, so that the caller knows",
        ask=ask,
    )
    await expect_error(
        "open_incidents(url), as a user whom the server does not believe",
        open_incidents(of_unknown_user(answer.url)),
        asyncpg.InvalidAuthorizationSpecificationError,
        wanted="PostgreSQL's own error, so that the caller knows",
        ask=ask,
    )


async def _query_fails(answer: Answer, open_incidents: OpenIncidents) -> None:
    call = "open_incidents(url), while the table is missing"
    wanted = "PostgreSQL's own error, so that the caller knows"
    ask = "who decides what a failed query means: this function or its caller?"
    await answer.observer.execute("ALTER TABLE incident RENAME TO incident_gone")
    try:
        await open_incidents(answer.url)
    except asyncpg.UndefinedTableError:
        await expect_nothing_open(answer, call, "what runs on success and on error alike?")
    except Exception as error:
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted=wanted, ask=ask) from None
    else:
        raise NotYet(call, got="no error came out", wanted=wanted, ask=ask)
    await answer.observer.execute("ALTER TABLE incident_gone RENAME TO incident")
