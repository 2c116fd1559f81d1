"""The engine's pool: a connection comes out of it, goes back, and stays there."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc

from workbook.checks.answer import Answer
from workbook.checks.messages import message
from workbook.checks.verdict import NotYet


@asynccontextmanager
async def first_connection(answer: Answer) -> AsyncIterator[None]:
    """Around the first use of an engine: NotYet where its address leads nowhere.

    A wrong address is the learner's fault as long as the observer still hears the server.
    """
    try:
        yield
    except (OSError, exc.DBAPIError) as error:
        if not _no_entry(error):
            raise
        await answer.observer.fetchval("SELECT 1")
        raise NotYet.looked_at(
            "a connection from the engine",
            got=f"it raised {message(error)}",
            wanted="a connection to the database that DATABASE_URL names",
            ask="where does the engine's address come from?",
        ) from None


def _no_entry(error: OSError | exc.DBAPIError) -> bool:
    """Whether nobody answers at the address, or whoever answers does not let us in."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, OSError) or state.startswith("28") or state == "3D000"


def connections_in_use(engine: Any) -> int:
    """How many connections are out of the pool; NotYet for a pool that neither keeps nor counts."""
    if not hasattr(engine, "pool"):
        raise NotYet.looked_at(
            "`engine`",
            got=f"it is a {type(engine).__name__}",
            wanted="the app's one engine, as `create_async_engine` makes it",
        )
    if not hasattr(engine.pool, "checkedout"):
        raise NotYet.looked_at(
            "engine.pool",
            got=f"it is a {type(engine.pool).__name__}: this engine keeps no pool",
            wanted="a pool of open connections",
            ask="where does the next unit of work get its connection, and how long does that take?",
        )
    count: int = engine.pool.checkedout()
    return count


def expect_connection_kept(engine: Any, call: str) -> None:
    """A connection that was used once waits in the pool for the next unit of work."""
    if not engine.pool.checkedin():
        raise NotYet.looked_at(
            f"the pool of `engine`, after {call}",
            got="the pool is empty: the connection was thrown away",
            wanted="a connection that waits in the pool",
            ask="who has to open a connection when the next request comes?",
        )


async def expect_connection_returned(answer: Answer, engine: Any, call: str) -> None:
    """The connection is back in the pool because somebody closed the session."""
    out = connections_in_use(engine)
    gc.collect()
    await asyncio.sleep(0)
    lost = any("non-checked-in connection" in str(each.message) for each in answer.complaints)
    if out or lost:
        raise NotYet.looked_at(
            f"the pool of `engine`, after {call}",
            got="its connection was not given back to the pool",
            wanted="no connection in use",
            ask="who closes the session, on success, on error and on cancellation?",
        )
