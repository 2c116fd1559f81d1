"""Check of 01.get_db: a dependency of FastAPI's that lends a session and ends its transaction."""

import inspect
import sys
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc

from workbook.checks.answer import Answer
from workbook.checks.nb01.closed_sessions import closes
from workbook.checks.nb01.errors import PagerDown
from workbook.checks.nb01.generators import no_generator
from workbook.checks.nb01.incident_table import create_incident_table
from workbook.checks.nb01.pool import connections_in_use, first_connection
from workbook.checks.nb01.tasks import expect_all_awaited
from workbook.checks.nb01.unit_of_work_endings import (
    cancelled_at_work,
    closed_at_its_yield,
    commit_fails,
    ends_well,
    raises,
    two_at_once,
)
from workbook.checks.verdict import NotYet, Reason

_ERRORS = (
    PagerDown("the pager's service is down"),
    LookupError("no such team"),
    exc.OperationalError("SELECT 1", None, ConnectionError("the server is going away")),
)
"""What a unit of work may raise: the app's own errors, and the database's."""


_SPELT_OUT = Reason(
    "The error of the caller is thrown into your generator at `yield`, so it passes your `commit`"
    " by and goes on. What was not committed is rolled back at the latest when the session closes,"
    " also for a cancelled request, which no `except Exception` sees. The reference leaves all of"
    " that to `session_factory.begin()`, in two lines."
)


async def check(answer: Answer) -> Reason | None:
    """Commits on success, rolls back and raises on error and on cancellation, closes always."""
    await create_incident_table(answer)
    engine, get_db = answer.load().engine, answer.get()
    _can_be_asked(get_db)
    await _connects(answer, engine)
    unit_of_work = asynccontextmanager(get_db)
    await ends_well(answer, engine, unit_of_work)
    for error in _errors():
        await raises(answer, engine, unit_of_work, error)
    await commit_fails(answer, engine, unit_of_work)
    await cancelled_at_work(answer, engine, unit_of_work)
    await closed_at_its_yield(answer, engine, get_db)
    await two_at_once(answer, unit_of_work)
    await closes(unit_of_work)
    await expect_all_awaited(answer)
    await engine.dispose()
    return None if "begin" in answer.called() else _SPELT_OUT


def _errors() -> tuple[Exception, ...]:
    """These, and an answer for the client where the learner's file has imported what it takes."""
    fastapi = sys.modules.get("fastapi")
    return (*_ERRORS, fastapi.HTTPException(409, "the incident is closed")) if fastapi else _ERRORS


def _can_be_asked(get_db: Any) -> None:
    """It is what FastAPI takes for a dependency with an end, and it asks the client nothing."""
    if not inspect.isasyncgenfunction(get_db):
        raise no_generator("get_db", get_db)
    if named := list(inspect.signature(get_db).parameters):
        raise NotYet.looked_at(
            "get_db",
            got=f"it takes {', '.join(named)}",
            wanted="no parameters",
            ask="who fills in a parameter of a dependency, when a request comes?",
        )


async def _connects(answer: Answer, engine: Any) -> None:
    connections_in_use(engine)
    async with first_connection(answer), engine.connect():
        pass
