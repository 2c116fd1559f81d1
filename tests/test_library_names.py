"""Names and queries of libraries that are in no documentation, provoked: a version that changes one
is red here by its name.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from sqlalchemy import ForeignKey, text
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from workbook import dictionary
from workbook.base.urls import for_sqlalchemy
from workbook.evidence import server_log, statements
from workbook.evidence.observe import Observer
from workbook.postgres import EmbeddedServer, databases

BEGAN = datetime(2000, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Crew(Base):
    __tablename__ = "crew"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    members: Mapped[list["Member"]] = relationship()


class Member(Base):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"))


@pytest.fixture(scope="module")
def url(one_server: EmbeddedServer) -> Iterator[str]:
    one_server.start()
    asyncio.run(databases.create(one_server, "names"))
    yield one_server.url("names")


@pytest.fixture(scope="module")
def logged(one_server: EmbeddedServer, url: str) -> list[dict[str, str]]:
    """What the server's log has of a pool of asyncpg's and of an engine, each used once."""

    async def work() -> list[dict[str, str]]:
        observer = Observer(one_server.url("names", role="admin"))
        assert await server_log.enable_statement_log(observer, "names")
        await use_a_pool(url)
        await use_an_engine(url)
        found = await server_log.entries(observer)
        await observer.close()
        return found

    return asyncio.run(work())


async def use_a_pool(url: str) -> None:
    """A type of its own makes asyncpg look it up; a connection that comes back is reset."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        await pool.execute("CREATE TYPE mood AS ENUM ('calm', 'busy')")
        await pool.fetchval("SELECT $1::mood[]", ["calm"])


async def use_an_engine(url: str) -> None:
    engine = create_async_engine(for_sqlalchemy(url))
    async with engine.begin() as connection:
        await connection.execute(text("SELECT 2"))
    await engine.dispose()


@pytest.mark.parametrize("query", statements.DRIVER_QUERIES)
def test_a_driver_asks_this_for_itself(query: str, logged: list[dict[str, str]]) -> None:
    said = [each.sql for each in server_log.parse(logged)]
    assert [sql for sql in said if re.match(query, sql, re.IGNORECASE | re.DOTALL)], (
        f"no driver asks {query} any more; they ask {json.dumps(said, indent=1)}"
    )


def test_what_drivers_ask_for_themselves_is_all_left_out(logged: list[dict[str, str]]) -> None:
    seen = statements.with_states(server_log.parse(logged))
    assert [(each.sql, each.state) for each in seen] == [
        ("CREATE TYPE mood AS ENUM ('calm', 'busy')", "one statement, committed"),
        ("SELECT $1::mood[]", "one statement, committed"),
        ("BEGIN", "open"),
        ("SELECT 2", "open"),
        ("COMMIT", "committed"),
    ]


async def hidden_query(url: str, name: str) -> BaseException:
    """The error of a query that nobody wrote: of a relationship, or of a value that has expired."""
    engine = create_async_engine(for_sqlalchemy(url))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        crew = Crew(name="night")
        session.add(crew)
        await session.commit()
        if name == "_load_for_state":
            await session.refresh(crew, ["id", "name"])
        with pytest.raises(MissingGreenlet) as caught:
            _ = crew.members if name == "_load_for_state" else crew.name
    await engine.dispose()
    return caught.value


HIDDEN = {
    "_load_for_state": "a relationship was read",
    "_load_scalar_attributes": "a value was read",
}
"""Functions of SQLAlchemy, and how the titles begin of the entries that are known by them."""


@pytest.mark.parametrize("number", ["01", "02", "03", "10"])
@pytest.mark.parametrize("name", HIDDEN)
def test_a_hidden_query_of_sqlalchemy_is_known_by_the_function_that_sends_it(
    name: str, number: str, url: str
) -> None:
    entry = dictionary.entry(asyncio.run(hidden_query(url, name)), number)
    assert entry and entry.where == (name,) and entry.title.startswith(HIDDEN[name])


def test_no_tool_of_ours_finds_a_call_of_asyncpg_that_is_not_awaited(tmp_path: Path) -> None:
    """00 says so in its dictionary; with types in asyncpg a type checker would find it."""
    (tmp_path / "forgets.py").write_text(
        '"""It forgets an await."""\n\nimport asyncpg\n\n\n'
        "async def forgets(connection: asyncpg.Connection) -> None:\n"
        '    """Add a team."""\n    connection.execute("INSERT INTO team (name) VALUES (\'a\')")\n'
    )
    own = [sys.executable, "-m"]
    ruff = [*own, "ruff", "check", "--isolated", "--no-cache", "--select=ASYNC,RUF,B,PLE,PLW"]
    mypy = [*own, "mypy", "--strict", "--ignore-missing-imports", "--enable-error-code"]
    for command in ([*ruff, "forgets.py"], [*mypy, "unused-coroutine", "forgets.py"]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout
