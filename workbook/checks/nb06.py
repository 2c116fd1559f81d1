"""Checks of notebook 06: proving a loss, where the commit is, savepoints, a unit of work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI, HTTPException
from sqlalchemy import exc, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect, show
from workbook.checks.promises import NewUser, mounted, promising, store
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet
from workbook.evidence.app_server import Service
from workbook.evidence.observe import Observer

Work = Callable[[AsyncSession], Awaitable[Any]]
DEFERRED = (
    "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email,"
    " ADD CONSTRAINT uq_user_account_email UNIQUE (email) DEFERRABLE INITIALLY DEFERRED"
)


# Prove the loss


@checks("06.lost")
async def lost(answer: Answer) -> None:
    """One row of two promised is found; apps that promise truly are not accused."""
    from app.models import User

    function = answer.get()
    await answer.observer.execute(DEFERRED)
    engine = create_async_engine(for_sqlalchemy(answer.url))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    observer = Observer(answer.observer_url)

    async def rows(email: str) -> int:
        await observer.settled()
        async with sessions() as session:
            query = select(func.count()).where(func.lower(User.email) == email.lower())
            return int(await session.scalar(query) or 0)

    async def tried(number: int, what: str, wanted: int, ask: str) -> None:
        await observer.settled()  # else a late commit finds its rule kept, and leaves a row
        await answer.observer.execute("DELETE FROM user_account WHERE name = 'Zoë'")
        client.base_url = url.join(f"/{number}/")
        found = await function(client, rows)
        expect(f"lost(client, rows), for {what}", found, wanted, _question(found, wanted, ask))

    apps = promising(sessions)
    try:
        async with Service(mounted([app for app, *_ in apps])) as client:
            url = client.base_url
            client.headers["Connection"] = "close"  # a late error would end the next request too
            for number, (_, what, wanted, ask) in enumerate(apps):
                await tried(number, what, wanted, ask)
            await answer.observer.execute(NO_RULE)
            await tried(1, "an app that keeps both", 0, "how many rows are there after both?")
    finally:
        await observer.close()
        await engine.dispose()


NO_RULE = "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email"


def _question(found: Any, wanted: int, ask: str) -> str:
    if wanted == 0 and show(found).startswith("-"):
        return "whose rows were there before the first post?"
    missed = show(found) < show(wanted)
    return "what was promised, and how many rows are there?" if missed else ask


# The commit before the answer


@checks("06.scope")
async def scope(answer: Answer) -> None:
    """No 201 without its row; what was written can be read at once; nothing is left open."""
    from app.database import engine

    kind = answer.get()
    app, lent = FastAPI(), []

    @app.post("/users", status_code=201)
    async def post(new: NewUser, session: kind) -> dict[str, int]:  # type: ignore[valid-type]
        lent.append(session)
        stored = await store(session, new.email)
        if new.name == "fails":
            raise HTTPException(400)
        return {"id": stored}

    await answer.observer.execute(DEFERRED)
    try:
        async with Service(app) as client:
            await _held(answer, client)
            await _true_answers(answer, client)
            _given_back(answer, engine, "a request that failed")
        ask = "what happens when two requests use one session at the same time?"
        sessions = len({*map(id, lent)})
        expect(f"the sessions that {len(lent)} requests got", sessions, len(lent), ask)
    finally:
        await engine.dispose()


async def _post(client: httpx.AsyncClient, email: str, name: str = "") -> int:
    return (await client.post("/users", json={"email": email, "name": name})).status_code


async def _held(answer: Answer, client: httpx.AsyncClient) -> None:
    """While COMMIT is held there must be no answer: two seconds are plenty for a wrong one."""
    await answer.observer.execute(WAIT)
    await answer.observer.execute("SELECT pg_advisory_lock(6)")
    asking = asyncio.create_task(_post(client, "first@x"))
    early, _ = await asyncio.wait([asking], timeout=0.5)
    await answer.observer.execute("SELECT pg_advisory_unlock(6)")
    status = await asking
    if early:
        await _arrives(answer)
        raise NotYet(
            "POST /users, while COMMIT waits",
            got=f"the client already has its {status}",
            wanted="no answer before the COMMIT",
            ask="when does a dependency of this scope end: with the function, or with the request?",
        )
    expect("the status of POST /users", status, 201, "what does the endpoint get to work with?")
    expect("the rows after it", await _count(answer, "first@x"), 1, _who_commits(answer))


async def _arrives(answer: Answer) -> None:
    """A row that comes late is one mistake, a row that never comes another."""
    for _ in range(50):
        if await _count(answer, "first@x"):
            return
        await asyncio.sleep(0.02)
    expect("the rows after POST /users", 0, 1, _who_commits(answer))


def _who_commits(answer: Answer) -> str:
    if any("never awaited" in str(each.message) for each in answer.complaints):
        return "which coroutine did you make, and nobody awaits it?"
    return "who commits, and when?"


WAIT = """
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(6); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON user_account
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
"""


async def _true_answers(answer: Answer, client: httpx.AsyncClient) -> None:
    again = await _post(client, "first@x")
    if again < 400:
        raise NotYet(
            "POST /users, when COMMIT fails",
            got=str(again),
            wanted="an answer that does not promise a row",
            ask="does the answer know how the COMMIT ended?",
        )
    status = await _post(client, "bad@x", "fails")
    expect("POST /users, whose endpoint raises 400", status, 400, "who changes the error?")
    rows = await _count(answer, "bad@x")
    expect("the rows after an error of the endpoint", rows, 0, "what commits after an error?")


def _given_back(answer: Answer, engine: Any, what: str) -> None:
    """The pool has every connection, and not because Python found it among the rubbish."""
    found = sum("non-checked-in" in str(each.message) for each in answer.complaints)
    left = engine.pool.checkedout() + found
    expect(f"the connections still lent after {what}", left, 0, "what closes the session then?")


async def _count(answer: Answer, email: str) -> int:
    return int(
        await answer.observer.fetchval("SELECT count(*) FROM user_account WHERE email = $1", email)
    )


# Savepoints


@checks("06.invite")
async def invite(answer: Answer) -> None:
    """The good are kept, the known are named, in order; the transaction stays the lender's."""
    from app.database import engine, session_factory

    function = answer.get()
    emails = ["n1@x", "ada@nightwatch.test", "n2@x", "n1@x", "ben@nightwatch.test", "n3@x"]
    known = ["ada@nightwatch.test", "n1@x", "ben@nightwatch.test"]
    try:
        async with session_factory.begin() as session:
            await session.execute(text("INSERT INTO team (name) VALUES ('before')"))
            refused = await _invited(function, session, emails)
            expect("what invite returned", refused, known, "who was there already?")
            early = await _count(answer, "n1@x")
            expect(
                "the rows that others see before the lender commits",
                early,
                0,
                "whose commit is it?",
            )
            await _open_still(session)
        stored = [email for email in ("n1@x", "n2@x", "n3@x") if await _count(answer, email)]
        expect(
            "who is stored after the lender's commit",
            stored,
            ["n1@x", "n2@x", "n3@x"],
            "how much was undone when one of them failed?",
        )
        kept = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'before'")
        expect(
            "the rows that the lender wrote before",
            kept,
            1,
            "how much was undone when one of them failed?",
        )
        await _team(answer)
        await _another_error(function, session_factory)
    finally:
        await engine.dispose()


async def _invited(function: Any, session: AsyncSession, emails: list[str]) -> Any:
    try:
        return await function(session, 2, emails)
    except exc.SQLAlchemyError as error:
        raise NotYet(
            "invite, where some are there already",
            got=f"it raised {type(error).__name__}",
            wanted="the emails that were there already",
            ask="what happens to a transaction when one of its statements fails?"
            if isinstance(error, exc.PendingRollbackError | exc.DBAPIError)
            else "what did you end that was not yours?",
        ) from None


async def _open_still(session: AsyncSession) -> None:
    try:
        await session.execute(text("SELECT 1"))
    except exc.SQLAlchemyError as error:
        raise NotYet(
            "the lender's session, after invite",
            got=f"{type(error).__name__}: {str(error).splitlines()[0]}",
            wanted="a session that can go on",
            ask="what did you end that was not yours?",
        ) from None


async def _team(answer: Answer) -> None:
    team = await answer.observer.fetchval("SELECT team_id FROM user_account WHERE email = 'n2@x'")
    expect("the team of a new user", team, 2, "into which team were they invited?")


async def _another_error(function: Any, sessions: Any) -> None:
    """A team that does not exist is no email that is there already: it must not be swallowed."""
    try:
        async with sessions.begin() as session:
            refused = await function(session, 1, ["\0"])
    except exc.DBAPIError:
        return
    raise NotYet(
        "invite, with an email that PostgreSQL refuses for another reason",
        got=f"it returned {show(refused)}",
        wanted="the error, for the caller",
        ask="which errors mean that somebody is there already?",
    )


# A unit of work


@checks("06.transact")
async def transact(answer: Answer) -> None:
    """Committed when it returns; nothing left after any failure; every session given back."""
    from app.database import engine

    function = answer.get()
    await answer.observer.execute(DEFERRED)
    try:
        result = await function(lambda session: store(session, "one@x"))
        expect("the result of transact(work)", type(result), int, "what does work return?")
        rows = await _count(answer, "one@x")
        expect("the rows when transact(work) has returned", rows, 1, _who_commits(answer))
        await _fails(answer, function, _crash, ZeroDivisionError, "work that raises")
        await _fails(answer, function, _again, exc.IntegrityError, "work whose COMMIT fails")
        await _cancelled(answer, function)
        await _readable(function)
        await _two(function)
        _given_back(answer, engine, "all units of work")
    finally:
        await engine.dispose()


async def _crash(session: AsyncSession) -> None:
    await store(session, "crash@x")
    raise ZeroDivisionError


async def _again(session: AsyncSession) -> None:
    await store(session, "one@x")


async def _fails(answer: Answer, function: Any, work: Work, kind: Any, what: str) -> None:
    runs: list[AsyncSession] = []

    async def counted(session: AsyncSession) -> None:
        runs.append(session)
        await work(session)

    wanted = f"{kind.__name__}, for the caller"
    got, ask = wanted, "what does the caller know then?"
    try:
        got = f"it returned {show(await function(counted))}"
    except kind:
        pass
    except Exception as error:
        got = f"it raised {type(error).__name__}: {error}".splitlines()[0]
        ask = "which line of yours comes between that error and the caller?"
    if got != wanted:
        raise NotYet(f"transact, given {what}", got=got, wanted=wanted, ask=ask)
    ask = "which errors go away when the same work is done again?"
    expect(f"how often transact ran {what}", len(runs), 1, ask)
    count = await answer.observer.fetchval(
        "SELECT count(*) FROM user_account WHERE email LIKE '%@x'"
    )
    expect(f"the rows after {what}", count, 1, "what ends the transaction when work has failed?")
    await _nobody_waits(answer, what)


async def _nobody_waits(answer: Answer, what: str) -> None:
    for _ in range(25):
        if not await answer.sessions("idle in transaction"):
            return
        await asyncio.sleep(0.01)
    raise NotYet(
        f"the transaction after {what}",
        got="it is still open",
        wanted="a transaction that has ended",
        ask="what gives the session back, whatever happens?",
    )


async def _cancelled(answer: Answer, function: Any) -> None:
    begun = asyncio.Event()

    async def work(session: AsyncSession) -> None:
        await store(session, "gone@x")
        begun.set()
        await asyncio.sleep(5)

    task = asyncio.create_task(function(work))
    await asyncio.wait([task, asyncio.create_task(begun.wait())], return_when="FIRST_COMPLETED")
    task.cancel()
    await asyncio.wait([task], timeout=2)
    await _nobody_waits(answer, "a cancelled unit of work")
    rows = await _count(answer, "gone@x")
    expect("the rows after a cancelled unit of work", rows, 0, "is cancellation an Exception?")


async def _readable(function: Any) -> None:
    from app.models import User

    user = await function(lambda session: session.get(User, 1))
    try:
        name = user.name
    except exc.SQLAlchemyError as error:
        name = type(error).__name__
    expect("user.name, after transact returned user", name, "Ada", "what did the commit expire?")


async def _two(function: Any) -> None:
    """Two units at once have two sessions."""
    used: list[AsyncSession] = []

    async def work(session: AsyncSession) -> None:
        await session.execute(text("SELECT 1"))
        used.append(session)
        await asyncio.sleep(0.05)
        await session.execute(text("SELECT 1"))

    await asyncio.gather(function(work), function(work))
    expect("the sessions of two units at once", len({*map(id, used)}), 2, "who shares a session?")
