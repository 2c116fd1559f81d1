"""Check of 01.nothing_left: an alarm stores its row and pages somebody, or does neither."""

from typing import Any

from sqlalchemy.ext.asyncio import async_sessionmaker

from workbook.checks.answer import Answer
from workbook.checks.connections import own_engine
from workbook.checks.nb01.alarm_endings import (
    cancelled_while_it_pages,
    commit_fails,
    insert_refused,
    page_fails,
    page_goes_out,
)
from workbook.checks.nb01.errors import PagerDown
from workbook.checks.nb01.incident_table import LONG, create_incident_table, expect_whole
from workbook.checks.nb01.tasks import expect_all_awaited
from workbook.checks.verdict import Reason

_GAP_IN_IDS = (
    "INSERT INTO incident (title) VALUES ('Queue grows'), ('Disk is full'), ('x');"
    " DELETE FROM incident WHERE title = 'x'"
)
"""Ids with a gap, and a title that is there already."""
_ERRORS = (
    PagerDown("the pager's service is down"),
    TimeoutError("the pager did not answer"),
    ConnectionError("the pager hung up"),
)
"""What a page may fail with: an error of the app's, and the two that a network brings."""


_COMMIT_OF_ITS_OWN = Reason(
    "Your `commit` is the last step: an error or a cancellation before it passes it by, and what"
    " was not committed is rolled back, at the latest when the session closes. So all that the"
    " database was told before the commit is one unit: all of it, or nothing. The reference leaves"
    " both to `sessions.begin()`, whose block commits at its end."
)


async def check(answer: Answer) -> Reason | None:
    """A page that works stores the row; one that fails or is cancelled leaves none."""
    await create_incident_table(answer)
    await answer.observer.execute(_GAP_IN_IDS)
    async with own_engine(answer) as engine:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        for title in ("Queue grows", "it's :down "):
            await page_goes_out(answer, engine, sessions, title)
        await _keeps_all_of_it(answer, sessions)
        for error in _ERRORS:
            await page_fails(answer, engine, sessions, error)
        await cancelled_while_it_pages(answer, engine, sessions)
        await insert_refused(answer, engine, sessions)
        await commit_fails(answer, engine, sessions)
        await expect_all_awaited(answer)
    return None if "begin" in answer.called() else _COMMIT_OF_ITS_OWN


async def _keeps_all_of_it(answer: Answer, sessions: Any) -> None:
    async def page(_: int) -> None:
        pass

    await answer.get()(sessions, LONG, page)
    await expect_whole(answer, f"raise_alarm with a title of {len(LONG)} characters")
