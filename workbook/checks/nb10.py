"""Checks of notebook 10: an engine with limits, a budget, who forgot to give back, and again."""

import asyncio
import contextlib
import os
from datetime import timedelta
from time import monotonic
from typing import Any

import asyncpg
import sqlalchemy.exc
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet

# The app's engine

os.environ.update(POOL_SIZE="3", POOL_TIMEOUT="0.3", PATIENCE="2.5")
LIMITS = {"statement_timeout": 5, "lock_timeout": 2, "idle_in_transaction_session_timeout": 10}


@checks("10.engine")
async def engine(answer: Answer) -> None:
    """As many connections as the settings say, a bounded wait, and the three limits."""
    made: AsyncEngine = answer.get()
    try:
        async with contextlib.AsyncExitStack() as stack:
            held = 0
            while held < 6 and (last := await _one_more(made, stack)) == LENT:
                held += 1
            ask = "which setting says how many, and what comes on top of it?"
            expect("engine.connect(), as often as it gives one, with POOL_SIZE=3", held, 3, ask)
            await _waits(made, stack, last)
        await _limits(made)
    finally:
        await made.dispose()


LENT = "a connection"
IN_TIME = "an error after 0.3 seconds"


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


async def _waits(made: AsyncEngine, stack: contextlib.AsyncExitStack, last: str) -> None:
    """The setting says how long; a busy machine may be late, but not each time."""
    for _ in range(2):
        if last == IN_TIME:
            return
        last = await _one_more(made, stack)
    ask = "which argument says how long a request waits for a connection?"
    expect("engine.connect(), all being lent, with POOL_TIMEOUT=0.3", last, IN_TIME, ask)


async def _limits(made: AsyncEngine) -> None:
    async with made.connect() as connection:
        for name, seconds in LIMITS.items():
            milliseconds = await connection.scalar(
                text("SELECT setting::int FROM pg_settings WHERE name = :name"), {"name": name}
            )
            ask = "who tells the server, when the connection is opened?"
            expect(f"{name} of a connection, in seconds", milliseconds / 1000, seconds, ask)


# The budget

BUDGETS: tuple[tuple[tuple[int, int, int, int], int], ...] = (
    ((100, 10, 3, 4), 5),
    ((100, 4, 1, 1), 48),
    ((100, 0, 1, 1), 50),
    ((97, 0, 2, 4), 8),
    ((20, 5, 2, 5), 1),
    ((500, 20, 10, 8), 5),
)
TOO_FEW = ((10, 3, 3, 4), (100, 100, 1, 1), (5, 9, 1, 1))


@checks("10.budget")
async def budget(answer: Answer) -> None:
    """Whole connections, one replica more, what is reserved left free; an error where none is."""
    function = answer.get()
    for given, wanted in BUDGETS:
        call = f"pool_size{given}"
        got = function(*given)
        if isinstance(got, float):
            raise NotYet(
                call,
                got=f"it returned {got!r}",
                wanted=f"{wanted}",
                ask="what is half a connection?",
            )
        expect(call, got, wanted, "how many pools are there at the worst moment?")
    for given in TOO_FEW:
        _refuses(function, given)


def _refuses(function: Any, given: tuple[int, ...]) -> None:
    call = f"pool_size{given}"
    try:
        got = f"it returned {show(function(*given))}"
    except ValueError:
        return
    except ArithmeticError as error:
        got = f"it raised {type(error).__name__}"
    raise NotYet(
        call, got=got, wanted="a ValueError", ask="what should a deployment do that cannot work?"
    )


# Who forgot


@checks("10.leak")
async def leak(answer: Answer) -> None:
    """Sessions of this database, idle in a transaction for long enough, the longest first."""
    function = answer.get()
    url = for_sqlalchemy(answer.url)
    made = create_async_engine(url)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(made.dispose)
        first = await _sessions(answer, stack)
        connection = await stack.enter_async_context(made.connect())
        await _forgot(function, connection, 0.3, ["SELECT 'first'", "SELECT 1/0"])
        await _forgot(function, connection, 0.0, ["SELECT 'first'", "SELECT 1/0", LATE])
        await _forgot(function, connection, 3600.0, [])
        await first.execute("COMMIT")
        await _forget(first, "SELECT 'first'")  # now the youngest, whatever the view's own order
        await _forgot(function, connection, 0.0, ["SELECT 1/0", LATE, "SELECT 'first'"])


LATE = "SELECT 'late' FROM pg_sleep(0.5)"
"""Asked early, and silent since a moment only."""


async def _forgot(function: Any, connection: Any, patience: float, wanted: list[str]) -> None:
    got = await function(connection, timedelta(seconds=patience))
    await connection.rollback()  # within a transaction, Postgres shows the same moment again
    found = [each.strip() for each in got] if isinstance(got, list | tuple) else got
    expect(f"forgotten(connection, {patience} seconds)", found, wanted, _ask(found, wanted))


def _ask(found: Any, wanted: list[str]) -> str:
    """The question that belongs to what is too much, or missing."""
    for sql, ask in ASKS.items():
        if sql in show(found) and sql not in wanted:
            return ask
    if "SELECT 1/0" in wanted and "SELECT 1/0" not in show(found):
        return "in which two states is a transaction that nobody works on?"
    return "who has been silent for the longest time?"


ASKS = {
    "SELECT 'other'": "whose database is it?",
    "SELECT 'idle'": "what does a session hold that has no transaction?",
    "pg_sleep(30)": "who is working, and who is idle?",
    "SELECT 'late'": "since when, and how long is long enough?",
    "SELECT 'first'": "since when, and how long is long enough?",
}


async def _sessions(answer: Answer, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    """One of each kind: idle, working, and four that forgot; the one that did so first is back."""
    idle, broken, first, late, busy = [await _open(answer.url, stack) for _ in range(5)]
    other = await _open(answer.url.rpartition("/")[0] + "/postgres", stack)
    await idle.execute("SELECT 'idle'")
    await _forget(other, "SELECT 'other'")
    await _forget(first, "SELECT 'first'")
    await broken.execute("BEGIN")
    with contextlib.suppress(asyncpg.DivisionByZeroError):
        await broken.execute("SELECT 1/0")
    await busy.execute("BEGIN")
    working = asyncio.create_task(busy.execute("SELECT pg_sleep(30)"))
    stack.callback(working.cancel)
    await _forget(late, LATE)
    return first


async def _forget(session: "asyncpg.Connection", sql: str) -> None:
    """A transaction that nobody ends."""
    await session.execute("BEGIN")
    await session.execute(sql)


async def _open(url: str, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    connection = await asyncpg.connect(url, timeout=5)
    stack.callback(connection.terminate)
    return connection


# Again, from the start


class Lost(Exception):
    """What a driver raises, with its SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def _error(sqlstate: str, invalidated: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, Lost(sqlstate), connection_invalidated=invalidated)


class Work:
    """A unit of work that fails with each of these errors in turn, after it has written a row."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = iter(errors)
        self.sessions: list[AsyncSession] = []
        self.when: list[float] = []

    async def __call__(self, session: AsyncSession) -> str:
        """One attempt, and which it was."""
        self.sessions.append(session)
        self.when.append(monotonic())
        await session.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": "again"})
        if error := next(self._errors, None):
            raise error
        return f"done at attempt {len(self.sessions)}"


@checks("10.survive")
async def survive(answer: Answer) -> None:
    """The whole work again after what passes; never after what stays, nor after a lost COMMIT."""
    module = answer.load()
    transact = answer.get("transact")
    try:
        await _again(answer, transact)
        await _never(answer, transact)
        await _ends(transact)
        await _patient(answer.get("patiently"))
        await _terminated(answer, transact)
        await _unsent(answer, module, transact)
        await _refused(answer, transact)
        await _lost(answer, transact)
    finally:
        await module.engine.dispose()


async def _again(answer: Answer, transact: Any) -> None:
    work = Work(_error("57P01"), ConnectionRefusedError(), _error("40001"), _error("", True))
    got = await _outcome(transact(work))
    what = "transact(work), where the work fails four times with what passes"
    ask = "what can be done again, and from where?"
    if "lock timeout" in str(got) or "QueuePool" in str(got):
        ask = "what does the session of a failed attempt hold, and who ends it?"
    expect(what, got, "done at attempt 5", ask)
    apart = len(set(map(id, work.sessions)))
    expect("the sessions of five attempts", apart, 5, "which session is still of use after a loss?")
    pauses = [b - a for a, b in zip(work.when, work.when[1:], strict=False)]
    longer = pauses[-1] > 1.5 * pauses[0] and min(pauses) > 0.005
    expect("whether the pauses grow", longer, True, "what do all clients do at once, otherwise?")
    await _stored(answer, 1, "how many of the five attempts count?")


async def _outcome(attempt: Any) -> Any:
    """What comes back, or the error in a line; an error of the learner's own line goes on."""
    try:
        return await attempt
    except (NameError, AttributeError, TypeError, SyntaxError):
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]


async def _stored(answer: Answer, wanted: int, ask: str) -> None:
    sql = "SELECT count(*) FROM team WHERE name = 'again'"
    expect("the rows that are stored", await answer.observer.fetchval(sql), wanted, ask)
    await answer.observer.execute("DELETE FROM team WHERE name = 'again'")


async def _never(answer: Answer, transact: Any) -> None:
    """An error of the work's own: once, as it was, with nothing stored."""
    for error in (_error("23514"), ValueError("ours"), _error("42P01")):
        work = Work(error, error)
        got = await _outcome(transact(work))
        expect(
            f"the attempts after {type(error).__name__} {getattr(error, 'orig', error)}",
            (len(work.when), got),
            (1, f"{type(error).__name__}: {error}".splitlines()[0]),
            "would the same work succeed a moment later?",
        )
    await _stored(answer, 0, "what is left of work that failed?")
    work = Work()
    await transact(work)
    got = str(await _outcome(transact(work))).partition(":")[0]
    expect("transact(work), with a name that is taken", got, "IntegrityError", "whose error is it?")
    expect("how often both did their work", len(work.when), 2, "what does a retry change here?")
    await _stored(answer, 1, "what is left of work that failed?")


async def _ends(transact: Any) -> None:
    began = monotonic()
    work = Work(*[ConnectionRefusedError(str(number)) for number in range(10_000)])
    got = await _outcome(asyncio.wait_for(transact(work), 4))
    took = monotonic() - began
    what = "transact(work), where the database stays away, with PATIENCE=2.5"
    if got == "TimeoutError: " and took > 3.6:
        raise NotYet(
            what, got=f"no end within {took:.0f} seconds", wanted="an error", ask="when is it over?"
        )
    expect(
        what, got.partition(":")[0], "ConnectionRefusedError", "which error does the caller get?"
    )
    fits = 0.7 < took < 3.6 and len(work.when) < 60
    counted = f"{len(work.when)} attempts in {took:.1f} seconds"
    if not fits:
        raise NotYet(
            what, got=counted, wanted="some attempts in about 2.5 seconds", ask="when is it over?"
        )


async def _patient(patiently: Any) -> None:
    """Also without a session: reads use it too. Whoever else is there goes on meanwhile."""
    errors = iter([ConnectionResetError(), _error("57P03")])

    async def attempt() -> str:
        if error := next(errors, None):
            raise error
        return "done"

    another = asyncio.create_task(asyncio.sleep(0, "ran"))
    got = await _outcome(patiently(attempt))
    expect("patiently(attempt), after two errors that pass", got, "done", "what does it return?")
    ask = "who sleeps during the pause: this request, or the whole thread?"
    expect("whether another request was served during the pauses", another.done(), True, ask)


ALL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user
"""


async def _terminated(answer: Answer, transact: Any) -> None:
    """Backends that really end, once in the middle of the work."""
    done: list[int] = []

    async def work(session: AsyncSession) -> int:
        await session.execute(text("INSERT INTO team (name) VALUES ('again')"))
        if not done:
            done.append(1)
            await answer.observer.execute(ALL)
        await session.execute(text("SELECT 1"))
        return 1

    got = await _outcome(transact(work))
    expect(
        "transact(work), where the server ends the connection once", got, 1, "from where, again?"
    )
    await _stored(answer, 1, "how often was the work done, and how often does it count?")


async def _unsent(answer: Answer, module: Any, transact: Any) -> None:
    """The connection ends before the work's own object was sent, so before COMMIT."""
    from app.models import Team

    done: list[int] = []

    async def work(session: AsyncSession) -> int:
        await session.execute(text("SELECT 1"))
        session.add(Team(name="again"))
        if not done:
            done.append(1)
            await answer.observer.execute(ALL)
        return 1

    got = await _outcome(transact(work))
    called = "transact(work), where the connection is lost before the INSERT was sent"
    expect(called, got, 1, "which statements does a commit send, besides COMMIT?")
    await _stored(answer, 1, "how often was the work done, and how often does it count?")


async def _refused(answer: Answer, transact: Any) -> None:
    """A COMMIT that the server refuses has an outcome: nothing counts, and everybody knows."""
    await answer.observer.execute(
        "ALTER TABLE team DROP CONSTRAINT uq_team_name, ADD CONSTRAINT uq_team_name"
        " UNIQUE (name) DEFERRABLE INITIALLY DEFERRED"
    )
    await transact(Work())
    got = str(await _outcome(transact(Work()))).partition(":")[0]
    called = "transact(work), where COMMIT is refused by a deferred constraint"
    expect(called, got, "IntegrityError", "whose error is it, and who knows what counts?")
    await _stored(answer, 1, "what is left of work that failed?")


HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON team DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION hold();
"""


async def _lost(answer: Answer, transact: Any) -> None:
    """The connection ends while COMMIT runs: once, and the error says so."""
    await answer.observer.execute(HOLD)
    work = Work()
    running = asyncio.create_task(_outcome(transact(work)))
    for _ in range(200):
        if await answer.observer.fetchval(COMMITTING):
            break
        await asyncio.sleep(0.01)
    await answer.observer.execute(ALL)
    await asyncio.wait([running], timeout=1)
    _tried_once(work)  # at once: another attempt keeps the table locked, and waits for long
    await answer.observer.execute("DROP TRIGGER held ON team")
    got = await running
    _tried_once(work)
    called = "transact(work), where COMMIT gets no answer"
    expect(called, str(got).partition(":")[0], "CommitLost", "what should the caller be told?")


def _tried_once(work: Work) -> None:
    ask = "who knows whether a COMMIT without an answer counts?"
    expect("the attempts, where COMMIT gets no answer", len(work.when), 1, ask)


COMMITTING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND query ILIKE 'commit%'
"""
