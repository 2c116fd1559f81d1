"""A change that has its lock works as long as it takes: no limit of an answer ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest import mock

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.messages import message
from workbook.checks.verdict import NotYet

Change = Callable[[AsyncEngine, str, int], Awaitable[Any]]

_TELLS = """
DO $$BEGIN
    IF current_setting('statement_timeout') <> '0'
    OR coalesce(current_setting('transaction_timeout', true), '0') <> '0'
    THEN RAISE 'it has a limit: statement_timeout = %, transaction_timeout = %',
        current_setting('statement_timeout'), current_setting('transaction_timeout', true);
    END IF;
END$$
"""
_WORKS = "SELECT pg_sleep(1)"
_BOUND = 0.7
"""Seconds that a limit of Python's has while the change works for one: shorter than its work."""
_ASK = "which of your limits ends a change that has its lock, and works?"


async def work_has_no_limit(change_table: Change, engine: AsyncEngine) -> None:
    """NotYet where a change that has its lock is ended by PostgreSQL or by Python."""
    bounded = list[float]()
    try:
        with _bounds(bounded, None):
            await change_table(engine, _TELLS, 1)
        if bounded:
            with _bounds(bounded, _BOUND):
                await change_table(engine, _WORKS, 1)
    except (DBAPIError, TimeoutError) as error:
        raise NotYet(
            "change_table(engine, statement, 1), of a change that works for a minute",
            got=f"it would be ended: {message(error)}",
            wanted="a limit for the lock alone",
            ask=_ASK,
        ) from None


def _bounds(seen: list[float], most: float | None) -> Any:
    """Note the seconds that `asyncio.timeout` and its like are given; cut them to these."""
    timeout, wait = asyncio.timeout, asyncio.wait_for  # noqa: TID251 (learners may use it)

    def cut(seconds: float | None) -> float | None:
        if seconds is None:
            return None
        seen.append(seconds)
        return seconds if most is None else min(seconds, most)

    return mock.patch.multiple(
        asyncio,
        timeout=lambda delay: timeout(cut(delay)),
        wait_for=lambda what, timeout: wait(what, cut(timeout)),
    )
