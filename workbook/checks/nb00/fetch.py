"""Check of 00.fetch: the titles of the open incidents, over a connection that is always closed."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect
from workbook.checks.nb00.awaited_calls import expect_nothing_open, result_of
from workbook.checks.nb00.blocked_queries import expect_cancellable
from workbook.checks.nb00.connecting import connecting
from workbook.checks.nb00.titles import (
    ANOTHER_NIGHT,
    RETURNS_LAST,
    are_strings,
    expect_failure_told,
    expect_not_let_in,
    question_of_order,
)
from workbook.checks.verdict import Reason

OpenIncidents = Callable[[str], Awaitable[Any]]

_CALL = "open_incidents(url)"
_TWO_ALIKE = """
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, ' Pager  is silent ', 'minor', 'open', '2026-01-02 03:04+00' FROM generate_series(1, 2)
"""
"""Two incidents that nobody can tell apart by title or time."""


_MAKES_ONE_SPELLING = re.compile(r"(?i)\bilike\b|lower\(|upper\(|casefold")

_OTHERWISE = Reason(
    "The connection is closed on success, on error and on cancellation, so none is left behind. The"
    " titles are put in the order of `opened_at`; without that, PostgreSQL may send them in any"
    " order. The reference does it with a `finally` and with `ORDER BY`."
)


async def check(answer: Answer) -> Reason | None:
    """Titles as strings, open ones only, newest first; no connection left, whatever happens."""
    open_incidents = answer.get()
    await _titles(answer, _CALL, open_incidents)
    await expect_nothing_open(answer, _CALL, "who closes the connection, and when?")
    await answer.observer.execute(ANOTHER_NIGHT)
    await _titles(answer, f"{_CALL}, another night", open_incidents)
    await _nothing_is_open(answer, open_incidents)
    await answer.observer.execute(_TWO_ALIKE)
    await _titles(answer, f"{_CALL}, with two alike", open_incidents)
    await expect_failure_told(answer, _CALL, open_incidents)
    await expect_not_let_in(answer, "open_incidents({url})", open_incidents)
    await expect_cancellable(answer, _CALL, open_incidents(answer.url))
    text = answer.source()
    return None if "finally" in text and "ORDER BY" in text.upper() else _OTHERWISE


async def _nothing_is_open(answer: Answer, open_incidents: OpenIncidents) -> None:
    await answer.observer.execute("DELETE FROM incident")
    call = f"{_CALL}, when nothing is open"
    await _titles(answer, call, open_incidents)
    await expect_nothing_open(answer, call, "which path leaves without closing?")


def _letters(title: str) -> str:
    """What is left of a title without spaces and capitals."""
    return "".join(title.split()).lower()


async def _titles(answer: Answer, call: str, open_incidents: OpenIncidents) -> None:
    with connecting() as connected:
        got = await result_of(call, open_incidents(answer.url))
    are_strings(answer, call, got)
    rows = await answer.observer.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    wanted = [row["title"] for row in rows]
    ask = "which incidents does the night shift ask for?"
    if got == wanted[:1] and answer.called() & {"fetchval", "fetchrow"}:
        ask = "which method gives every row, and which one the first row or its first value only?"
    elif got and not connected.called:
        ask = outliving.KEPT
    elif not got and answer.returns_in_finally():
        ask = RETURNS_LAST
    elif not got:
        ask = "which incidents does your condition let through, and how is their status written?"
    elif sorted(map(_letters, got)) == sorted(map(_letters, wanted)):
        ask = "is each title as it stands in the table, letter for letter?"
    elif set(got) > set(wanted) and _MAKES_ONE_SPELLING.search(answer.source()):
        ask = "are two spellings one status, and which line makes one of them?"
    elif set(got) < set(wanted):
        ask = "which line ends before it has seen every row, or leaves rows out?"
    elif set(got) == set(wanted):
        ask = "may two incidents bear one title, or be opened at one moment?"
    if sorted(got) != sorted(wanted):
        expect(call, got, wanted, ask)
    expect(call, got, wanted, question_of_order(answer, got, wanted))
