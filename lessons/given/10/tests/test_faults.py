"""What the app does when the network or the server fails: its own engine, behind a relay."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app import database, failures
from app.failures import CommitLost, sqlstate
from app.models import Team
from app.routers import health
from app.settings import Settings, settings
from tests.relay import Relay

SECRET = "Zoë, 7 Long Street"
WRITES = "INSERT INTO team (name) VALUES (:name)"


@pytest.fixture
def limits() -> dict[str, float]:
    """What connections are told beside the app's own limits; a test may add to it."""
    return {}


@pytest.fixture
async def relay(
    engine: AsyncEngine,
    database_url: str,
    limits: dict[str, float],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Relay]:
    """The app's own engines, by way of a relay, on the run's database; its rows go afterwards."""
    url, connect = make_url(database_url), failures.connect
    async with Relay(url.host or "127.0.0.1", url.port or 5432) as relay:
        way = url.set(host="127.0.0.1", port=relay.port).translate_connect_args(username="user")

        async def by_the_relay(**params: Any) -> asyncpg.Connection:
            relay.params = params
            return await connect(**params | way | limits)

        monkeypatch.setattr(failures, "connect", by_the_relay)
        monkeypatch.setattr(settings, "patience", 30)
        yield relay
        await database.engine.dispose()
        await health.probe.dispose()
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE team RESTART IDENTITY CASCADE"))


class Work:
    """A unit of work that adds a team, counts how often it is done, and fails with these first."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.count = list(errors), 0

    async def __call__(self, session: AsyncSession) -> None:
        """One attempt."""
        self.count += 1
        await session.execute(text(WRITES), {"name": "night"})
        if self.errors:
            raise self.errors.pop(0)


async def nights(engine: AsyncEngine) -> int:
    """How many teams are there, whatever the app believes."""
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT count(*) FROM team WHERE name = 'night'")) or 0


async def one(db: database.Reader) -> int | None:
    """A query."""
    number: int | None = await db.scalar(text("SELECT 1"))
    return number


@pytest.mark.parametrize("fault", ["cut", "stall"])
async def test_a_commit_without_an_answer_is_not_done_again(
    relay: Relay, engine: AsyncEngine, limits: dict[str, float], fault: str
) -> None:
    """It counted, once; the caller learns that nobody knows. A reader had the connection before."""
    limits["command_timeout"] = 0.5
    await database.read(one)
    relay.at_commit = fault
    with pytest.raises(CommitLost):
        await database.transact(Work())
    assert (relay.commits, await nights(engine)) == (1, 1)


async def test_a_commit_that_is_cancelled_is_not_done_again(
    relay: Relay, engine: AsyncEngine
) -> None:
    """Who cancels gets what they asked for, and knows no more; no connection stays out."""
    relay.at_commit = "stall"
    task = asyncio.create_task(database.transact(Work()))
    await relay.held.wait()
    task.cancel()
    await asyncio.sleep(0)  # it has heard of that; and no goodbye will be answered
    await relay.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (relay.commits, await nights(engine)) == (1, 1)
    assert "Current Checked out connections: 0" in database.engine.pool.status()


async def test_a_commit_that_is_refused_is_no_lost_one(
    relay: Relay, engine: AsyncEngine, failing_commit: None
) -> None:
    """PostgreSQL said no and goes on: nothing counts, and the caller gets the reason."""
    insert = "INSERT INTO user_account (name, email, login, team_id) VALUES ('Zoë', :a, :b, 1)"

    async def work(session: AsyncSession) -> None:
        await session.execute(text(WRITES), {"name": "night"})
        for login in ("a", "b"):
            await session.execute(text(insert), {"a": f"{login}@x.test", "b": login})

    with pytest.raises(IntegrityError):
        await database.transact(work)
    assert await nights(engine) == 0


async def test_a_network_that_fell_silent_costs_time_and_no_answer(
    relay: Relay, limits: dict[str, float]
) -> None:
    """The whole pool is given up when one connection is silent, and the work is done again."""
    limits["command_timeout"] = 0.5
    async with AsyncExitStack() as all_at_once:
        for _ in range(settings.pool_size):
            await one(await all_at_once.enter_async_context(database.readers.connect()))
    relay.fall_silent()
    answers = [do(one) for do in (database.read, database.transact) for _ in range(2)]
    assert await asyncio.gather(*answers) == [1, 1, 1, 1]


async def test_one_silent_connection_is_enough(
    relay: Relay,
    limits: dict[str, float],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others of its pool are given up with it: nobody asks them or waits for them."""
    hung_up: list[bool] = []
    close = asyncpg.Connection.close

    async def closing(self: asyncpg.Connection, **given: Any) -> None:
        hung_up.append(self.is_closed())
        await close(self, **given)

    limits["command_timeout"] = 1
    async with AsyncExitStack() as all_at_once:
        for _ in range(settings.pool_size):
            await one(await all_at_once.enter_async_context(database.readers.connect()))
    relay.fall_silent()
    monkeypatch.setattr(asyncpg.Connection, "close", closing)
    assert await database.read(one) == 1
    assert [each.message for each in caplog.records] == ["trying again"]
    assert hung_up and all(hung_up)


async def test_a_server_that_is_away_for_a_moment_is_waited_for(relay: Relay) -> None:
    """A refused connection passes; what is refused for longer than our patience is an answer."""
    await relay.close()
    reading = asyncio.create_task(database.read(one))
    await asyncio.sleep(0.3)
    await relay.open()
    assert await reading == 1


async def test_a_server_that_stays_away_is_an_error_of_the_database(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLSTATE 08001, with the network's own words."""
    await relay.close()
    monkeypatch.setattr(settings, "patience", 0.2)
    with pytest.raises(DBAPIError, match="ConnectionRefusedError") as refused:
        await database.read(one)
    assert sqlstate(refused.value) == "08001"


@pytest.mark.parametrize("error", [FileNotFoundError("x"), TimeoutError()])
async def test_an_error_of_the_system_is_not_the_databases(
    relay: Relay, engine: AsyncEngine, error: Exception
) -> None:
    """A file, a mail, a limit of the work's own: once, and as it was."""
    work = Work(error)
    with pytest.raises(type(error)):
        await database.transact(work)
    assert (work.count, await nights(engine)) == (1, 0)


MADE = ["CREATE TYPE mood AS ENUM ('calm')", "CREATE TABLE changing (a int, mood mood)"]
GONE = ["DROP TABLE changing", "DROP TYPE mood"]


@pytest.mark.parametrize(
    "change",
    [["ALTER TABLE changing ALTER COLUMN a TYPE bigint"], [*GONE, *MADE]],
    ids=["column", "type"],
)
async def test_what_was_prepared_before_a_change_is_prepared_again(
    relay: Relay, engine: AsyncEngine, change: list[str]
) -> None:
    """The driver forgets what it knew of the types, and the work is done again."""

    async def work(db: database.Reader) -> None:
        await db.execute(text("INSERT INTO changing VALUES (1, :mood)"), {"mood": "calm"})
        await db.execute(text("SELECT * FROM changing"))

    for statements in (MADE, change, GONE):
        async with engine.begin() as connection:
            for sql in statements:
                await connection.execute(text(sql))
        for _ in range(2 if statements != GONE else 0):
            await database.read(work)
            await database.transact(work)


async def test_a_server_that_became_read_only_is_left(relay: Relay, engine: AsyncEngine) -> None:
    """After a failover the old connections are of no use: new ones reach whoever writes now."""
    async with database.engine.begin() as old:
        await old.execute(text("SET default_transaction_read_only = on"))
    work = Work()
    await database.transact(work)
    assert (work.count, await nights(engine)) == (2, 1)


async def test_an_object_from_outside_is_stored_by_a_second_attempt(
    relay: Relay, engine: AsyncEngine
) -> None:
    """The failed attempt takes its key away again."""
    team, errors = Team(name="night"), [DBAPIError("", {}, OSError(), connection_invalidated=True)]

    async def work(session: AsyncSession) -> Team:
        session.add(team)
        await session.flush()
        if errors:
            raise errors.pop()
        return team

    assert (await database.transact(work)).id
    assert await nights(engine) == 1


@pytest.fixture
async def refused_once(engine: AsyncEngine) -> AsyncIterator[None]:
    """The first COMMIT of a new team is refused: another transaction was in the way."""
    async with engine.begin() as connection:
        for made in (
            "CREATE SEQUENCE refusals",
            """CREATE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF nextval('refusals') = 1 THEN RAISE 'again' USING ERRCODE = '40001'; END IF;
                RETURN NULL;
            END $$""",
            """CREATE CONSTRAINT TRIGGER refused_once AFTER INSERT ON team
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_once()""",
        ):
            await connection.execute(text(made))
    yield
    async with engine.begin() as connection:
        await connection.execute(text("DROP FUNCTION refuse_once CASCADE"))
        await connection.execute(text("DROP SEQUENCE refusals"))


async def test_an_object_from_outside_is_stored_after_a_refused_commit(
    relay: Relay, engine: AsyncEngine, refused_once: None
) -> None:
    """The second attempt inserts it: the refused one has left it nothing."""
    team = Team(name="night")

    async def work(session: AsyncSession) -> None:
        session.add(team)

    await database.transact(work)
    assert (relay.commits, await nights(engine)) == (2, 1)


async def test_what_is_pending_is_sent_before_commit(relay: Relay, engine: AsyncEngine) -> None:
    """A connection that is lost there has committed nothing, so the work is done again."""
    errors = [DBAPIError("", {}, OSError(), connection_invalidated=True)]

    def lose(*_: object) -> None:
        if errors:
            raise errors.pop()

    async def work(session: AsyncSession) -> None:
        event.listen(session.sync_session, "before_flush", lose)
        session.add(Team(name="night"))

    await database.transact(work)
    assert await nights(engine) == 1


async def test_what_a_client_sent_is_not_in_an_error(
    relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither as a parameter nor as PostgreSQL's DETAIL: errors go into logs."""

    async def work(session: AsyncSession) -> None:
        for _ in range(2):
            await session.execute(text(WRITES), {"name": SECRET})

    with pytest.raises(IntegrityError) as twice:
        await database.transact(work)
    logging.getLogger().error("failed", exc_info=twice.value)
    assert "uq_team_name" in caplog.text
    assert SECRET not in caplog.text


async def test_limits_leave_room_for_each_other(relay: Relay) -> None:
    """The server gives up first, then the driver, and then there is time for another attempt."""
    patience = Settings.model_fields["patience"].default
    async with database.engine.connect() as db:
        sql = "SELECT setting::int / 1000.0 FROM pg_settings WHERE name = :name"
        names = "lock_timeout", "statement_timeout"
        given = [float(await db.scalar(text(sql), {"name": name})) for name in names]
    given += [relay.params["command_timeout"], patience]
    assert given == sorted(set(given)) and given[0] > 0


async def test_a_pool_in_use_does_not_make_the_app_unready(relay: Relay, live: AsyncClient) -> None:
    """Readiness has a connection of its own: load is no reason to send the requests elsewhere."""
    async with AsyncExitStack() as all_of_them:
        for _ in range(settings.pool_size):
            await all_of_them.enter_async_context(database.engine.connect())
        assert (await live.get("/readyz")).status_code == 200
