"""08.session: a session whose commits are undone after the test."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb08.probe import all_pass, run_probe

TESTS = """
import contextlib
import gc

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.database import session_factory
from app.models import Team

COUNT = select(func.count()).select_from(Team)
OPEN = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user"
)
NO_SAVEPOINT = ("rollback_only", "control_fully")
before = dict(session_factory.kw)
kept = []
gc.disable()  # what nobody closed stays open


@contextlib.contextmanager
def as_joined(session):
    '''An error of this block says in which mode the session has joined, where it was told one.'''
    mode = session.sync_session.join_transaction_mode
    try:
        yield
    except Exception as error:
        if mode not in NO_SAVEPOINT:
            raise
        name, line = type(error).__name__, str(error).partition("\\n")[0]
        got = line if isinstance(error, AssertionError) else name
        raise AssertionError(f"{got}; the session joins by {mode!r}") from error


async def test_that_keeps_its_connection_and_its_session(connection, session):
    kept.extend((connection, session))
    await session.scalar(COUNT)


async def test_each_test_gets_a_connection_of_its_own(connection):
    assert connection is not kept[0]


async def test_a_transaction_is_open_when_the_test_begins(connection):
    assert connection.in_transaction()


async def test_what_is_committed_is_seen_by_nobody_else(session, engine):
    session.add(Team(name="night"))
    await session.commit()
    async with engine.connect() as other:
        assert await other.scalar(COUNT) == 0


async def test_the_next_test_begins_with_nothing(session):
    assert await session.scalar(COUNT) == 0


async def test_a_rollback_keeps_what_was_committed_before(session):
    session.add(Team(name="night"))
    await session.commit()
    session.add(Team(name="night"))
    with pytest.raises(IntegrityError):
        await session.flush()
    with as_joined(session):
        await session.rollback()
        assert await session.scalar(COUNT) == 1


async def test_the_session_and_the_connection_are_one(session, connection):
    session.add(Team(name="night"))
    await session.flush()
    assert await connection.scalar(COUNT) == 1


async def test_that_ends_with_an_error(session):
    session.add_all([Team(name="night"), Team(name="night")])
    with pytest.raises(IntegrityError):
        await session.flush()


async def test_a_query_sees_what_was_added(session):
    session.add(Team(name="night"))
    assert await session.scalar(COUNT) == 1


async def test_no_connection_is_kept_after_a_test(engine):
    assert engine.pool.checkedout() == 0


async def test_no_other_connection_is_open_after_the_tests(engine):
    async with engine.connect() as connection:
        assert await connection.scalar(OPEN) <= 2


def test_the_factory_of_the_app_is_as_it_was():
    assert session_factory.kw == before


async def test_attributes_can_be_read_after_a_commit(session):
    session.add(team := Team(name="night"))
    await session.commit()
    assert team.name == "night"


async def test_the_session_is_closed_after_its_test():
    assert not kept[1].in_transaction()
"""
ASKS = {
    "test_each_test_gets_a_connection_of_its_own": (
        "another connection, in a transaction of its own",
        "how long does a fixture of the scope `session` live: for a test, or for the run?",
    ),
    "test_a_transaction_is_open_when_the_test_begins": (
        "a connection in a transaction",
        "which line begins the transaction, and is it still open at the `yield`?",
    ),
    "test_the_session_is_closed_after_its_test": (
        "a session that was closed",
        "which line ends the session, and does it run after the test?",
    ),
    "test_what_is_committed_is_seen_by_nobody_else": (
        "0 rows for any other connection",
        "which transaction does that commit end?",
    ),
    "test_the_next_test_begins_with_nothing": (
        "0 rows from the test before",
        "what happens to the transaction after the `yield`?",
    ),
    "test_attributes_can_be_read_after_a_commit": (
        "the name, without a query",
        "which option of the session keeps attributes after a commit?",
    ),
    "test_a_rollback_keeps_what_was_committed_before": (
        "1 row: what was committed stays",
        "what must a commit end, so that a later rollback stops there?",
    ),
    "test_the_session_and_the_connection_are_one": (
        "1 row, seen through the connection",
        "which connection did you give the session?",
    ),
    "test_a_query_sees_what_was_added": (
        "1 row, as with the app's own sessions",
        "what does a session of the app do before it asks?",
    ),
    "test_no_connection_is_kept_after_a_test": (
        "0 connections in use",
        "who gives the connection back to the pool?",
    ),
    "test_no_other_connection_is_open_after_the_tests": (
        "those of the engine that was given",
        "whose connections are these, and who closes them?",
    ),
    "test_the_factory_of_the_app_is_as_it_was": (
        "a factory that still leads to the app's own database",
        "who else makes sessions with what you changed?",
    ),
}

SAID = {
    "AsyncEngine expected, got <": (
        "a session on the connection of the test",
        "how does a fixture ask for what another one gives: which arguments does it have?",
    ),
    "'async_sessionmaker' object has no attribute": (
        "a session",
        "what stands to the right of your `yield`: a session, or what makes sessions?",
    ),
    "SAVEPOINT can only be used in transaction blocks": (
        "a transaction around the session",
        "which isolation level has the connection, and what does it leave of a transaction?",
    ),
    "gaierror": (
        "a connection to the database of the tests",
        "which engine leads to the database of the tests, and how does a fixture ask for it?",
    ),
    "AsyncContextNotStarted": (
        "a transaction that has begun",
        "which call of your fixtures opens something, and has no `await` before it?",
    ),
    "the session joins by": (
        "1 row: what was committed stays, and the session goes on",
        "what does a rollback of the session undo in that mode: a savepoint, or all of the test's"
        " transaction?",
    ),
    "Can't operate on closed transaction": (
        "1 row: what was committed stays, and the session goes on",
        "which block around your `yield` does a `commit` or a `rollback` of the session end?",
    ),
    "PendingRollbackError": (
        "a fixture that ends also after a test in which a statement has failed",
        "what does your fixture do with the session after its `yield`?",
    ),
    "This Connection is closed": (
        "a connection that is open as long as the test runs",
        "which block above your `yield`, or which `return`, ends it before the test runs?",
    ),
}


async def check(answer: Answer) -> None:
    """Commits are savepoints, nothing is seen outside, nothing is left behind."""
    found = await run_probe(answer, TESTS)
    all_pass("session", found, ASKS, SAID)
    left = await answer.observer.fetchval("SELECT count(*) FROM team")
    expect_state("session: the rows after the run", left, 0, "how does the transaction end?")
