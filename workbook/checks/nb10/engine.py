"""10.engine: as many connections as the settings say, a bounded wait, and three limits."""

import asyncio
import contextlib
from time import monotonic

import sqlalchemy.exc
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.answer import Answer, expect
from workbook.checks.nb10.app_settings import SMALL_AND_SHORT

ENVIRONMENT = SMALL_AND_SHORT
"""What the app reads when it is imported."""

LENT = "a connection"
IN_TIME = "an error after 0.3 seconds"
LIMITS = {"statement_timeout": 5, "lock_timeout": 2, "idle_in_transaction_session_timeout": 10}


async def check(answer: Answer) -> None:
    """As many connections as the settings say, a bounded wait, and the three limits."""
    made: AsyncEngine = answer.get()
    try:
        async with contextlib.AsyncExitStack() as stack:
            held = 0
            while held < 6 and (last := await _one_more(made, stack)) == LENT:
                held += 1
            ask = "which setting says how many, and what comes on top of it?"
            expect("engine.connect(), as often as it gives one, with POOL_SIZE=3", held, 3, ask)
            await _waits_no_longer(made, stack, last)
        await _has_limits(made)
    finally:
        await made.dispose()


async def _one_more(made: AsyncEngine, stack: contextlib.AsyncExitStack) -> str:
    """What comes of asking for one more, and where it is none: when."""
    began = monotonic()
    try:
        async with asyncio.timeout(1.5):
            await stack.enter_async_context(made.connect())
            return LENT
    except sqlalchemy.exc.TimeoutError:
        waited = monotonic() - began
        return IN_TIME if 0.2 < waited < 0.8 else f"an error after {waited:.1f} seconds"
    except TimeoutError:
        return "still waiting after 1.5 seconds"


async def _waits_no_longer(made: AsyncEngine, stack: contextlib.AsyncExitStack, last: str) -> None:
    """The setting says how long; a busy machine may be late, but not each time."""
    for _ in range(2):
        if last == IN_TIME:
            return
        last = await _one_more(made, stack)
    ask = "which argument says how long a request waits for a connection?"
    expect("engine.connect(), all being lent, with POOL_TIMEOUT=0.3", last, IN_TIME, ask)


async def _has_limits(made: AsyncEngine) -> None:
    async with made.connect() as connection:
        for name, seconds in LIMITS.items():
            milliseconds = await connection.scalar(
                text("SELECT setting::int FROM pg_settings WHERE name = :name"), {"name": name}
            )
            ask = "who tells the server, when the connection is opened?"
            expect(f"{name} of a connection, in seconds", milliseconds / 1000, seconds, ask)
