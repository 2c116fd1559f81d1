"""What `transact` makes of connections that end: within the work, before COMMIT, and during it."""

import asyncio
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, Raised, expect, expect_state
from workbook.checks.nb10.attempts import FailingWork, kind, outcome, rows_are_stored
from workbook.checks.verdict import NotYet

NOBODY_KNOWS = "who knows whether a COMMIT without an answer counts?"
END_ALL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user
"""
HOLD_COMMIT = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON team DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION hold();
"""
REFUSE_ONCE = """
CREATE SEQUENCE commits;
CREATE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN
    IF nextval('commits') = 1 THEN RAISE 'again' USING ERRCODE = '40001'; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER once AFTER INSERT ON team DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse_once();
"""
COMMITTING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND query ILIKE 'commit%'
"""


async def ended_within_the_work(answer: Answer, transact: Any) -> None:
    """Backends that really end, once in the middle of the work."""
    done: list[int] = []

    async def work(session: AsyncSession) -> int:
        await session.execute(text("INSERT INTO team (name) VALUES ('again')"))
        if not done:
            done.append(1)
            await answer.observer.execute(END_ALL)
        await session.execute(text("SELECT 1"))
        return 1

    got = await outcome(transact(work))
    expect(
        "transact(work), where the server ends the connection once", got, 1, "from where, again?"
    )
    await rows_are_stored(answer, 1, "how often was the work done, and how often does it count?")


async def ended_before_the_insert(answer: Answer, transact: Any) -> None:
    """The connection ends before the work's own object was sent, so before COMMIT."""
    from app.models import Team

    done: list[int] = []

    async def work(session: AsyncSession) -> int:
        await session.execute(text("SELECT 1"))
        session.add(Team(name="again"))
        if not done:
            done.append(1)
            await answer.observer.execute(END_ALL)
        return 1

    got = await outcome(transact(work))
    called = "transact(work), where the connection is lost before the INSERT was sent"
    ask = "which statements does a commit send, besides COMMIT?"
    if "flush" in answer.called():
        ask = "which lines stand in the `try` that raises CommitLost, and which of them is COMMIT?"
    expect(called, got, 1, ask)
    await rows_are_stored(answer, 1, "how often was the work done, and how often does it count?")


async def commit_refused(answer: Answer, transact: Any) -> None:
    """A COMMIT that the server refuses has an outcome: nothing counts, and everybody knows."""
    await answer.observer.execute(
        "ALTER TABLE team DROP CONSTRAINT uq_team_name, ADD CONSTRAINT uq_team_name"
        " UNIQUE (name) DEFERRABLE INITIALLY DEFERRED"
    )
    await transact(FailingWork())
    got = kind(await outcome(transact(FailingWork())))
    called = "transact(work), where COMMIT is refused by a deferred constraint"
    expect(called, got, Raised("IntegrityError"), "whose error is it, and who knows what counts?")
    await rows_are_stored(answer, 1, "what is left of work that failed?")


async def commit_refused_once(answer: Answer, transact: Any) -> None:
    """After a refused COMMIT an object that was made outside of the work is stored all the same."""
    from app.models import Team

    await answer.observer.execute(REFUSE_ONCE)
    team = Team(name="again")

    async def work(session: AsyncSession) -> int:
        session.add(team)
        return 1

    got = await outcome(transact(work))
    await answer.observer.execute("DROP TRIGGER once ON team")
    called = "transact(work), where PostgreSQL refuses the first COMMIT (40001)"
    expect(called, got, 1, "which errors of a COMMIT may pass, and who does the work again?")
    if not await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'again'"):
        raise NotYet(
            f"{called}; its object was made outside of `work`",
            got="it returned as if all were well, and no row is stored",
            wanted="the second attempt stores the row",
            ask="what does a session that was never rolled back leave with its objects?",
        )
    await rows_are_stored(answer, 1, "how often was the work done, and how often does it count?")


async def commit_that_is_no_error_of_the_database(answer: Answer, transact: Any) -> None:
    """What a driver raises that is tired of waiting is no answer of PostgreSQL's: nobody knows."""
    from app.database import engine

    def tired(_: object) -> None:
        raise TimeoutError

    work, causes = FailingWork(), list[BaseException | None]()

    async def asked() -> Any:
        try:
            return await transact(work)
        except Exception as error:
            causes.append(error.__cause__)
            raise

    event.listen(engine.sync_engine, "commit", tired)
    try:
        got = await outcome(asked())
    finally:
        event.remove(engine.sync_engine, "commit", tired)
    called = "transact(work), where COMMIT ends with the driver's TimeoutError"
    ask = "which errors of a COMMIT are an answer of PostgreSQL, and what is every other one?"
    expect(called, kind(got), Raised("CommitLost"), ask)
    if causes == [None]:
        raise NotYet(
            called,
            got="it raised CommitLost without a cause, so the log does not say what happened",
            wanted="a CommitLost whose cause is the error of the COMMIT",
            ask="which word behind `raise …` keeps the first error as the cause?",
        )
    expect_state("the attempts, where COMMIT ends so", len(work.began), 1, NOBODY_KNOWS)


async def commit_without_an_answer(answer: Answer, transact: Any) -> None:
    """The connection ends while COMMIT runs: once, and the error says so."""
    await answer.observer.execute(HOLD_COMMIT)
    work = FailingWork()
    running = asyncio.create_task(outcome(transact(work)))
    await eventually(lambda: answer.observer.fetchval(COMMITTING), timeout=2, interval=0.01)
    await answer.observer.execute(END_ALL)
    await asyncio.wait([running], timeout=1)
    _tried_once(work)  # at once: another attempt keeps the table locked, and waits for long
    await answer.observer.execute("DROP TRIGGER held ON team")
    got = await running
    _tried_once(work)
    called = "transact(work), where COMMIT gets no answer"
    ask = "what should the caller be told?"
    if isinstance(got, Exception):
        ask = "what happens to an error that is returned, and what to one that is raised?"
    expect(called, kind(got), Raised("CommitLost"), ask)


def _tried_once(work: FailingWork) -> None:
    expect_state("the attempts, where COMMIT gets no answer", len(work.began), 1, NOBODY_KNOWS)
