"""What a test may ask for: a database, a session that forgets, and two kinds of client."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from alembic import command
from alembic.config import Config
from httpx import ASGITransport, AsyncClient, Limits
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from testcontainers.community.postgres import PostgresContainer

from app import auth, database, logs, role
from app.main import app
from app.repositories import teams
from app.schemas import TeamIn
from app.settings import settings

ALEMBIC = Path(__file__).parents[1] / "alembic.ini"
OURS = "made by the tests of Nightwatch, which delete all its rows"
WHOSE = "SELECT obj_description(to_regnamespace('public'), 'pg_namespace')"
WANTED = "name a database without tables whose name has the word test, such as nightwatch_test"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop for the whole run, because a connection belongs to the loop that opened it."""
    return "asyncio"


@pytest.fixture(scope="session")
async def owner(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine of whoever owns the run's tables, after the app's own migrations."""
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await begin_anew(connection)
    settings.database_url = SecretStr(database_url)
    await asyncio.to_thread(command.upgrade, Config(ALEMBIC), "head")
    yield engine
    await engine.dispose()


SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


@pytest.fixture(scope="session")
async def unprivileged(owner: AsyncEngine) -> dict[str, str]:
    """What makes a connection the app's: no policy holds a superuser, so those take its role."""
    async with owner.begin() as connection:
        if not await connection.scalar(text(SUPERUSER)):
            return {}
        await role.make(connection)
        await role.grant(connection)
    return {"role": role.ROLE}


@pytest.fixture(scope="session")
async def engine(owner: AsyncEngine, unprivileged: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    """An engine as the app has one, on the run's database: policies hold for it."""
    if not unprivileged:
        yield owner
        return
    engine = create_async_engine(owner.url, connect_args={"server_settings": unprivileged})
    yield engine
    await engine.dispose()


async def add_team(name: str) -> int:
    """A new team, and its id; what the test does in the database is held to it from now on."""
    return (await database.transact(lambda session: teams.add(session, TeamIn(name=name)))).id


def ask_as(client: AsyncClient, team_id: int, user_id: int = 1) -> None:
    """Let a client ask as somebody of this team from now on."""
    token = auth.issue(auth.Asker(user_id, team_id))
    client.headers["authorization"] = f"Bearer {token}"


async def own_team(client: AsyncClient) -> int:
    """The id of the team for which a client asks."""
    [team] = (await client.get("/teams")).json()
    return int(team["id"])


@pytest.fixture
async def team(client: AsyncClient) -> int:
    """The id of a new team, for which `client` asks."""
    team_id = await add_team("night")
    ask_as(client, team_id)
    return team_id


async def begin_anew(connection: AsyncConnection) -> None:
    """Take away what an earlier run has left; refuse a database that may be somebody's."""
    name = await connection.scalar(text("SELECT current_database()"))
    made_by = await connection.scalar(text(WHOSE))
    tables = await connection.scalar(text("SELECT count(*) FROM pg_stat_user_tables"))
    if not {"test", "tests"} & set(name.split("_")) or (tables and made_by != OURS):
        pytest.exit(f"Tests delete all rows, so {name} is refused: {WANTED}", returncode=4)
    if made_by == OURS:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await connection.execute(text(f"COMMENT ON SCHEMA public IS '{OURS}'"))


@pytest.fixture(scope="session")
async def address(anyio_backend: str) -> AsyncIterator[str]:
    """Where a real uvicorn serves the app: one for the whole run, since its end takes a while."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await asyncio.wait_for(serving, 10)


@pytest.fixture
async def live(
    address: str, engine: AsyncEngine, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """A client of that server, for a new team; what the app commits is taken away afterwards."""
    monkeypatch.setitem(database.session_factory.kw, "bind", engine)
    monkeypatch.setattr(database, "readers", engine)
    team_id = await add_team("night")
    # An app that fails after its answer closes the connection: each request opens its own.
    fresh = Limits(max_keepalive_connections=0)
    # `trust_env=False`: no proxy of the environment stands before this machine.
    inside = AsyncClient(base_url=address, limits=fresh, timeout=10, trust_env=False)
    async with inside as client:
        ask_as(client, team_id)
        yield client
    await logs.all_served(10)
    async with owner.begin() as connection:
        tables = ", ".join(database.Base.metadata.tables)
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))


@pytest.fixture
async def failing_commit(owner: AsyncEngine) -> AsyncIterator[None]:
    """Two users of one name fail, and only when they are committed: a deferred constraint.

    Ask for it before `client`, whose transaction would still use the table when this one ends.
    """
    drop = "ALTER TABLE user_account DROP CONSTRAINT IF EXISTS one_name"
    later = "ADD CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED"
    async with owner.begin() as connection:
        await connection.execute(text(f"{drop}, {later}"))
    yield
    async with owner.begin() as connection:
        await connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        await connection.execute(text(drop))


IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    container = PostgresContainer(image, password=secrets.token_urlsafe(), driver="asyncpg")
    container.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
    with container:
        yield container.get_connection_url()


@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    monkeypatch.setitem(database.session_factory.kw, "bind", connection)
    monkeypatch.setitem(database.session_factory.kw, "join_transaction_mode", "create_savepoint")
    ours = SimpleNamespace(connect=lambda: nullcontext(connection))
    monkeypatch.setattr(database, "readers", ours)
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction for one test; it is undone, whatever the test did in it."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session in the test's transaction; what it commits is a savepoint."""
    joined = AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    async with joined as session:
        yield session
