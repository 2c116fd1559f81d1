"""10.engine: as many connections as the settings say, a bounded wait, and three limits."""

import asyncio
import contextlib
from time import monotonic

import sqlalchemy.exc
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.nb10.app_settings import SMALL_AND_SHORT
from workbook.checks.verdict import NotYet

ENVIRONMENT = SMALL_AND_SHORT
"""What the app reads when it is imported."""

MANY = 16
"""More than the 13 of a pool of three with SQLAlchemy's own overflow of ten."""
LENT = "a connection"
SET_SECONDS = 0.3
"""POOL_TIMEOUT in the environment of this check."""
IN_TIME = f"an error after {SET_SECONDS} seconds"
WAIT_SECONDS = 1.5
"""How long a request for a connection may wait where all are lent: five times the setting."""
OLD_SECONDS = 180
"""The age at which the given line has a connection replaced."""
OPENING_SECONDS = 15.0
"""How long a busy machine may take to open one."""
LIMITS = {"statement_timeout": 3, "lock_timeout": 2, "idle_in_transaction_session_timeout": 10}


async def check(answer: Answer) -> None:
    """As many connections as the settings say, a bounded wait, and the three limits."""
    made: AsyncEngine = answer.get()
    told: dict[str, str] = {}
    sends = lambda *a: told.update(a[3].get("server_settings") or {})  # noqa: E731
    event.listen(made.sync_engine, "do_connect", sends)
    try:
        async with contextlib.AsyncExitStack() as stack:
            held = 0
            while held < MANY and (last := await _one_more(made, stack)) == LENT:
                held += 1
            _holds_three(made, held)
            _waits_no_longer(made, last)
        _keeps_three(made)
        await _has_limits(made)
        await _tells_nothing(made)
        _replaces_old_ones(made)
    except sqlalchemy.exc.DBAPIError as error:
        raise _ended_by_its_limit(error, str(told.get("statement_timeout"))) from error
    finally:
        await made.dispose()


def _ended_by_its_limit(error: sqlalchemy.exc.DBAPIError, limit: str) -> Exception:
    """A statement cannot be done within a few of PostgreSQL's own units, which are milliseconds."""
    seconds = LIMITS["statement_timeout"]
    if limit != str(seconds):
        return error
    return NotYet.looked_at(
        "the statements on a connection of the engine",
        got=f"PostgreSQL ends them at once: `statement_timeout` is {limit!r}",
        wanted=f"a limit of {seconds} seconds",
        ask="which unit has a number that comes without one?",
    )


def _holds_three(made: AsyncEngine, held: int) -> None:
    """As many connections as the setting says; what comes on top has a name of its own."""
    call = "engine.connect(), as often as it gives one, with POOL_SIZE=3"
    got = f"it gave {held} connections" + (", and would go on" if held == MANY else "")
    ask = "which argument says how many connections come on top of `pool_size`?"
    if not isinstance(made.pool, QueuePool):
        got += f"; its pool is a {type(made.pool).__name__}"
        ask = "does a pool of that class keep connections, and does it let anybody wait for one?"
    elif made.pool.size() == 0:
        got += "; its `pool_size` is 0"
        ask = "what does a `pool_size` of 0 mean to SQLAlchemy: no connection, or no limit?"
    elif made.pool.size() != 3:
        ask = "which setting says how many connections the pool holds?"
    if held != 3:
        raise NotYet(call, got=got, wanted="3 connections", ask=ask)


def _keeps_three(made: AsyncEngine) -> None:
    """A pool of a fixed size keeps every connection that comes back; overflow is closed."""
    if isinstance(made.pool, QueuePool):
        expect_state(
            "the pool, when all 3 connections have come back: how many it keeps",
            made.pool.checkedin(),
            3,
            "what becomes of a connection of the overflow, when it comes back?",
        )


def _replaces_old_ones(made: AsyncEngine) -> None:
    """A connection that is three minutes old is replaced when it is lent again."""
    seconds = made.pool._recycle
    if not 0 < seconds <= OLD_SECONDS:
        raise NotYet.looked_at(
            "how old a connection may become in the pool",
            got="it is kept for ever" if seconds < 0 else f"{seconds:g} seconds",
            wanted=f"{OLD_SECONDS} seconds, as in the line that is given",
            ask="which of the given arguments replaces connections?",
        )


async def _one_more(made: AsyncEngine, stack: contextlib.AsyncExitStack) -> str:
    """What comes of asking for one more, and where it is none: when."""
    began = monotonic()
    seconds = WAIT_SECONDS if _has_lent_all(made) else OPENING_SECONDS
    try:
        async with asyncio.timeout(seconds):
            await stack.enter_async_context(made.connect())
            return LENT
    except TypeError as error:
        raise _no_such_argument(made, error) from error
    except (sqlalchemy.exc.TimeoutError, TimeoutError) as error:
        refused = isinstance(error, sqlalchemy.exc.TimeoutError)
        waited = _waited(made, monotonic() - began)
    if waited > seconds or not (refused or isinstance(made.pool, QueuePool)):
        return f"it still waits after {seconds:g} seconds"
    return IN_TIME if 0.2 < waited < 0.8 else f"an error after {waited:.1f} seconds"


def _has_lent_all(made: AsyncEngine) -> bool:
    """Whether one more has to wait for another to come back, and none is opened for it."""
    pool = made.pool
    if not isinstance(pool, QueuePool) or pool._max_overflow < 0:
        return False
    return pool.checkedout() >= pool.size() + pool._max_overflow


def _waited(made: AsyncEngine, clock: float) -> float:
    """For how many seconds the pool let it wait: not when a busy machine came back to it."""
    return made.pool.timeout() if isinstance(made.pool, QueuePool) else clock


def _no_such_argument(made: AsyncEngine, error: TypeError) -> Exception:
    """What `connect_args` holds goes to asyncpg; what stands in the URL does so too."""
    if "connect() got an unexpected keyword" not in str(error) or made.url.query:
        return error
    return NotYet.looked_at(
        "`connect_args` of your engine, which go to `asyncpg.connect` as its arguments",
        got=f"it raised TypeError: {error}",
        wanted="arguments that `asyncpg.connect` has",
        ask="which argument of `asyncpg.connect` takes settings of the server?",
    )


def _waits_no_longer(made: AsyncEngine, last: str) -> None:
    """The setting says how long, in seconds."""
    ask = "which argument says how long a request waits for a connection?"
    seconds = made.pool.timeout() if isinstance(made.pool, QueuePool) else SET_SECONDS
    if not 0.01 < seconds / SET_SECONDS < 500:
        ask = f"your pool waits {seconds:g} seconds: in which unit is `pool_timeout`?"
    if last != IN_TIME:
        called = "engine.connect(), all being lent, with POOL_TIMEOUT=0.3"
        raise NotYet(called, got=last, wanted=IN_TIME, ask=ask)


async def _has_limits(made: AsyncEngine) -> None:
    async with made.connect() as connection:
        sql = text("SELECT setting::int FROM pg_settings WHERE name = :name")
        sent = {name: await connection.scalar(sql, {"name": name}) for name in LIMITS}
        for name, seconds in LIMITS.items():
            milliseconds = sent[name]
            ask = _question(made, milliseconds, seconds)
            if not milliseconds and any(sent.values()):
                ask = "which limits were sent, and under which name does PostgreSQL know this one?"
            called = f"SHOW {name}, on a connection of the engine"
            shown = await connection.scalar(text(f"SHOW {name}"))
            expect(called, shown, f"{seconds}s", ask)


async def _tells_nothing(made: AsyncEngine) -> None:
    """What a client sent is in no error, since errors go into the log."""
    sent = "zoe@x.test"
    async with made.connect() as connection:
        try:
            await connection.execute(text("SELECT 1 / length(:sent) FROM nowhere"), {"sent": sent})
        except sqlalchemy.exc.DBAPIError as error:
            got = f"it shows {sent}" if sent in str(error) else "it does not show it"
            ask = "which of the given arguments hides what clients send?"
            called = f"the text of an error, where a client has sent {sent}"
            expect_state(called, got, "it does not show it", ask)


def _question(made: AsyncEngine, milliseconds: int, seconds: int) -> str:
    """What to ask about a limit that is another one, or none."""
    if milliseconds == seconds:
        return "which unit has a number that comes without one?"
    if milliseconds:
        return "which value does the engine send for this one?"
    listeners = list(made.sync_engine.pool.dispatch.connect)
    if any(not each.__module__.startswith("sqlalchemy") for each in listeners):
        return "does a `SET` outlive the ROLLBACK with which a connection goes back to the pool?"
    return "who tells the server, when the connection is opened?"
