"""What the checks of notebook 01 share: a table, and what a unit of work may leave behind."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc, text

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

INSERT = text("INSERT INTO incident (title) VALUES ('Checkout answers 500')")

ONCE = (
    "TRUNCATE incident; ALTER TABLE incident ADD CONSTRAINT once"
    " UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"
)
"""A rule that COMMIT checks, so that it is COMMIT which fails."""


class PagerDown(Exception):
    """What goes wrong in the caller's unit of work."""


async def table(answer: Answer) -> None:
    """Make the table that the units of work write to."""
    await answer.observer.execute(
        "CREATE TABLE incident (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,"
        " title text NOT NULL);"
        " GRANT ALL ON incident TO PUBLIC; GRANT ALL ON SEQUENCE incident_id_seq TO PUBLIC"
    )


async def rows(answer: Answer) -> int:
    """How many rows everybody sees."""
    count: int = await answer.observer.fetchval("SELECT count(*) FROM incident")
    return count


@asynccontextmanager
async def reaching(answer: Answer) -> AsyncIterator[None]:
    """A wrong address is the learner's, as long as the observer still hears the server."""
    try:
        yield
    except (OSError, exc.DBAPIError) as error:
        if not _no_entry(error):
            raise
        await answer.observer.fetchval("SELECT 1")
        raise NotYet(
            "a connection from the engine",
            f"{type(error).__name__}: {error}".splitlines()[0],
            "a connection to the database that DATABASE_URL names",
            "where does the engine's address come from?",
        ) from None


def _no_entry(error: OSError | exc.DBAPIError) -> bool:
    """Whether nobody answers at the address, or whoever answers does not let us in."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, OSError) or state.startswith("28") or state == "3D000"


def in_use(engine: Any) -> int:
    """How many connections are out of the pool; NotYet for a pool that neither keeps nor counts."""
    if not hasattr(engine.pool, "checkedout"):
        raise NotYet(
            "engine.pool",
            f"it is a {type(engine.pool).__name__}: this engine keeps no pool",
            "a pool of open connections",
            "where does the next unit of work get its connection, and how long does that take?",
        )
    count: int = engine.pool.checkedout()
    return count


def kept(engine: Any, call: str) -> None:
    """A connection that was used once waits in the pool for the next unit of work."""
    if not engine.pool.checkedin():
        raise NotYet(
            f"{call}, afterwards",
            "the pool is empty: the connection was thrown away",
            "a connection that waits in the pool",
            "who has to open a connection when the next request comes?",
        )


async def returned(answer: Answer, engine: Any, call: str) -> None:
    """The connection is back in the pool because somebody closed the session."""
    out = in_use(engine)
    gc.collect()
    await asyncio.sleep(0)
    lost = any("non-checked-in connection" in str(each.message) for each in answer.complaints)
    if out or lost:
        raise NotYet(
            f"{call}, afterwards",
            "its connection was not given back to the pool",
            "no connection in use",
            "who closes the session, on success, on error and on cancellation?",
        )


def finished(started: "set[asyncio.Task[Any]]", call: str) -> None:
    """Nothing that was started meanwhile runs on; `started` is what is there that was not."""
    if started:
        names = sorted(getattr(each.get_coro(), "__qualname__", "") for each in started)
        raise NotYet(
            f"{call}, afterwards",
            f"a task of it still runs: {', '.join(names)}",
            "nothing that goes on behind the caller's back",
            "who waits for a task that you created, and who hears of its error?",
        )


async def awaited(answer: Answer) -> None:
    """No coroutine was made and then forgotten."""
    forgotten = [
        str(each.message) for each in answer.complaints if "never awaited" in str(each.message)
    ]
    if forgotten:
        raise NotYet(
            f"{answer.names[0]}(…)",
            forgotten[0],
            "every call awaited",
            "which call has no `await` before it?",
        )


def tells(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether it is this error, or was raised from it: whoever gets it can find the cause."""
    for _ in range(10):  # an error may be its own cause
        if error is None or isinstance(error, kind):
            break
        error = error.__cause__ or error.__context__
    return isinstance(error, kind)


def stopped(call: str, task: "asyncio.Task[Any]") -> None:
    """Whoever cancels it gets to know that it was stopped."""
    if not task.cancelled():
        raise NotYet(
            call,
            "the cancellation did not come out",
            "CancelledError",
            "who must know that the work was stopped?",
        )


def swallowed(call: str) -> NotYet:
    """The caller did not get the error."""
    return NotYet(
        call,
        "the error did not come out",
        "the error itself, so that the caller knows",
        "who is told that the work was thrown away?",
    )
