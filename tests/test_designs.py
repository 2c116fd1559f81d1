"""What compares designs: five scenarios around a COMMIT, and clients whose server crashes."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from fastapi import BackgroundTasks, FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.display.table import Table
from workbook.evidence import commit_scenarios, crash_load
from workbook.evidence.commit_scenarios import CommitScenarios
from workbook.evidence.crash_load import CrashLoad
from workbook.evidence.observe import Observer
from workbook.postgres import EmbeddedServer, databases

TAKEN = "zoe@nightwatch.test"
SCHEMA = (
    "CREATE TABLE user_account (email text UNIQUE DEFERRABLE INITIALLY DEFERRED)",
    "CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_advisory_xact_lock_shared(6); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON user_account"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()",
    f"INSERT INTO user_account VALUES ('{TAKEN}')",
)


class NewUser(BaseModel):
    email: str


@pytest.fixture(scope="module")
def url(one_server: EmbeddedServer) -> Iterator[str]:
    one_server.start()
    asyncio.run(databases.create(one_server, "designs"))
    yield for_sqlalchemy(one_server.url("designs"))


def commits_first(engine: AsyncEngine, scenarios: CommitScenarios) -> FastAPI:
    """An app that answers after its COMMIT."""
    app = FastAPI()

    @app.post("/users", status_code=201)
    async def post(new: NewUser, request: Request, tasks: BackgroundTasks) -> None:
        async with AsyncSession(engine) as session:
            await insert(session, new.email)
            await commit(session)
        tasks.add_task(scenarios.look, new.email)
        await scenarios.until_gone(request, new.email)

    return with_names(app, engine, scenarios, leaks=False)


def answers_first(engine: AsyncEngine, scenarios: CommitScenarios) -> FastAPI:
    """An app that commits in the background, and loses the connection of its stream."""
    app = FastAPI()

    async def commit_later(session: AsyncSession) -> None:
        async with session:
            await session.commit()

    @app.post("/users", status_code=201)
    async def post(new: NewUser, request: Request, tasks: BackgroundTasks) -> None:
        session = AsyncSession(engine)
        await insert(session, new.email)
        await scenarios.until_gone(request, new.email)
        tasks.add_task(scenarios.look, new.email)
        tasks.add_task(commit_later, session)

    return with_names(app, engine, scenarios, leaks=True)


def with_names(
    app: FastAPI, engine: AsyncEngine, scenarios: CommitScenarios, leaks: bool
) -> FastAPI:
    """The same app with a stream of names."""

    @app.get("/names")
    async def names() -> StreamingResponse:
        session = AsyncSession(engine)

        async def lines() -> AsyncIterator[str]:
            for name in await session.scalars(text("SELECT 'zoe' UNION ALL SELECT 'yan'")):
                yield f"{name}\n"
            if leaks:
                scenarios.sessions.append(session)
            else:
                await session.close()

        return StreamingResponse(lines())

    return app


async def insert(session: AsyncSession, email: str) -> None:
    await session.execute(text("INSERT INTO user_account VALUES (:email)"), {"email": email})


async def commit(session: AsyncSession) -> None:
    try:
        await session.commit()
    except DBAPIError:
        raise HTTPException(409) from None


def test_two_designs_differ_where_their_commits_do(
    url: str, one_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit_scenarios, "HELD_SECONDS", 0.4)

    async def work() -> Table:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            for sql in SCHEMA:
                await connection.execute(text(sql))
        observer = Observer(one_server.url("designs", role="admin"))
        scenarios = CommitScenarios(observer, engine, TAKEN)
        table = await scenarios.table(
            {
                "commits first": commits_first(engine, scenarios),
                "answers first": answers_first(engine, scenarios),
            }
        )
        assert scenarios.sessions == [], "the session of a stream that leaks is closed"
        await observer.close()
        await engine.dispose()
        return table

    assert repr(asyncio.run(work())) == repr(
        Table(
            ("what happens", "commits first", "answers first"),
            [
                ("COMMIT is slow", "201, after the row", "201, before the row"),
                ("a background task", "sees the row", "sees no row"),
                ("COMMIT fails", "409, no new row", "201, no new row"),
                ("the answer is a stream", "2 names", "2 names, 1 connection leaked"),
                ("the client leaves", "the row is stored", "the row is stored"),
            ],
        )
    )


class Crashing:
    """A server that says when it is to crash, and does not."""

    def __init__(self, url: str) -> None:
        self.url, self.crashes = url, 0

    async def restart(self) -> None:
        self.crashes += 1


Work = Callable[[Any], Awaitable[Any]]


def designs(engine: AsyncEngine, told: list[str]) -> dict[str, Callable[[Work], Awaitable[None]]]:
    async def keeps(work: Work) -> None:
        async with engine.begin() as connection:
            await work(connection)

    async def loses(work: Work) -> None:
        async with engine.connect() as connection:
            await work(connection)

    async def fails(work: Work) -> None:
        told.append("")
        if len(told) % 3 == 0:
            raise ConnectionError
        await keeps(work)

    async def does_not_know(work: Work) -> None:
        await keeps(work)
        if not told or told.pop():
            told.append("again")
            return
        raise type("CommitLost", (Exception,), {})

    return {"keeps": keeps, "loses": loses, "fails": fails, "does not know": does_not_know}


def test_what_failed_and_what_was_promised_and_lost_is_told(url: str) -> None:
    """A client that is told that nobody knows sends the same again, which is no failure."""
    server = Crashing(url)

    async def work() -> Table:
        engine = create_async_engine(url, pool_size=8)
        table = await CrashLoad(server).table(designs(engine, []))  # type: ignore[arg-type]
        await engine.dispose()
        return table

    table = asyncio.run(work())
    assert [(row[0], row[2].split(":")[0]) for row in table.rows] == [
        ("keeps", "none"), ("loses", "none"), ("fails", "some"), ("does not know", "none"),
    ]  # fmt: skip
    assert re.fullmatch(r"some: ≈ [1-9]\d* of ≈ [1-9]\d*", table.rows[2][2])
    lost = [row[1] for row in table.rows]
    assert (lost[0], lost[2], lost[3]) == (0, 0, 0)
    assert lost[1] >= crash_load.ENOUGH
    assert server.crashes == len(table.rows)


def test_clients_that_come_to_nothing_end_with_a_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_load, "PATIENCE", 0.3)

    async def refuses(work: Work) -> None:
        raise ConnectionError("no server there")

    with pytest.raises(Problem, match=r"hardly an insert came to a good end.*no server there"):
        asyncio.run(CrashLoad(Crashing(url)).table({"refuses": refuses}))  # type: ignore[arg-type]
