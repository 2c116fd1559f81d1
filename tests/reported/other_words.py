"""The words of an earlier version or of another library, and one object in the place of another:
create_all, relationships, SQLite, validators, fields and URLs of Pydantic's, cursors, fixtures.
"""

import asyncio
import contextlib
import sqlite3
import types
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import asyncpg
from alembic import command
from alembic.config import Config
from pydantic import BaseModel, Field, HttpUrl, PostgresDsn, SecretStr, field_validator
from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from starlette.applications import Starlette
from starlette.routing import Router

from reported import Base, Bolt, Place, ask, raises, use
from reported.testing import tested

NO_ENGINE = "AttributeError: create_all, and no engine"
use(
    NO_ENGINE,
    lambda _: Base.metadata.create_all(types.ModuleType("engine")),  # type: ignore[arg-type]
    lambda _: Base.metadata.drop_all("postgresql://"),  # type: ignore[arg-type]
)


@raises("InvalidRequestError: a relationship whose generic is a text")
async def generic_as_a_text(place: Place) -> None:
    class Own(DeclarativeBase):
        pass

    class Ship(Own):
        __tablename__ = "ship"
        id = mapped_column(Integer, primary_key=True)
        sailors = relationship("list[Sailor]")

    Ship(id=1)


@raises("ArgumentError: backref for a relationship that is there")
async def backref_twice(place: Place) -> None:
    class Own(DeclarativeBase):
        pass

    class Ship(Own):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        sailors = relationship("Sailor", backref="ship")

    class Sailor(Own):
        __tablename__ = "sailor"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))
        ship = relationship("Ship")

    Ship()


@raises("ArgumentError: a relationship to a table")
async def table_as_the_other_side(place: Place) -> None:
    class Own(DeclarativeBase):
        pass

    between = Table("between", Own.metadata, Column("id", Integer, primary_key=True))

    class Ship(Own):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        sailors = relationship(between)

    Ship()


async def added_after_delete(session: AsyncSession) -> None:
    bolt = (await session.scalars(select(Bolt))).first()
    await session.delete(bolt)
    await session.commit()
    session.add(bolt)


ask("InvalidRequestError: an object that was deleted, added again", added_after_delete)
ask("TypeError: a session, called", lambda session: session())  # type: ignore[operator]
use("TypeError: a session, called", lambda _: Session()())  # type: ignore[operator]


class Own(DeclarativeBase):
    pass


class Log(Own):
    __tablename__ = "log"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[Any] = mapped_column(DateTime)


def sqlite() -> Session:
    engine = create_engine("sqlite://")
    Own.metadata.create_all(engine)
    return Session(engine)


@raises("StatementError: a text for a Uuid, on SQLite")
async def text_for_a_uuid(place: Place) -> None:
    with sqlite() as session:
        session.get(Log, "4ec5ae59-2ba8-4ae6-b2a5-0c2a3c6a2cb4")


@raises("StatementError: a text for a moment, on SQLite")
async def text_for_a_moment(place: Place) -> None:
    with sqlite() as session:
        session.add(Log(id=uuid.uuid4(), at="2026-03-01"))
        session.commit()


@raises("ProgrammingError: a connection of SQLite in another thread")
async def in_another_thread(place: Place) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        await asyncio.to_thread(connection.execute, "SELECT 1")


VALUES = "AttributeError: a validator that reads the other fields as Pydantic 1 did"


def _validates(reads: Any) -> None:
    class SignUp(BaseModel):
        password: str
        again: str

        @field_validator("again")
        @classmethod
        def same(cls, value: str, values: Any) -> str:
            assert value == reads(values)
            return value

    SignUp(password="a", again="a")


use(
    VALUES,
    lambda _: _validates(lambda values: values.get("password")),
    lambda _: _validates(lambda values: values["password"]),
    lambda _: _validates(lambda values: "password" in values),
)


class NoSchema:
    name: str = Field("one")


use("AttributeError: Field in a class that is no schema", lambda _: NoSchema().name.upper())
DSN = PostgresDsn("postgresql://localhost/night")
use(
    "AttributeError: a URL of Pydantic's in the place of a text",
    lambda _: DSN.replace("a", "b"),  # type: ignore[attr-defined]
    lambda _: "x" + DSN,  # type: ignore[operator]
    lambda _: HttpUrl("http://localhost").startswith("http"),  # type: ignore[attr-defined]
)
use(
    "AttributeError: a SecretStr in the place of its text",
    lambda _: SecretStr("a").encode(),  # type: ignore[attr-defined]
    lambda _: "a" + SecretStr("a"),  # type: ignore[operator]
)


class Named(BaseModel):
    name: str = "one"


class Email(BaseModel):
    kind: str


class Letter(BaseModel):
    kind: Literal["letter"]


@raises("PydanticUserError: a field that a subclass overrides without a type")
async def overridden(place: Place) -> None:
    type("Other", (Named,), {"name": "two"})


@raises("PydanticUserError: a discriminator that is no Literal")
async def discriminated_by_a_text(place: Place) -> None:
    class Message(BaseModel):
        sent: Email | Letter = Field(discriminator="kind")


use(
    "SyntaxError: await in an ordinary function",
    lambda _: compile("def f():\n    await g()\n", "app.py", "exec"),
    lambda _: compile("def f():\n    async with g(): pass\n", "app.py", "exec"),
    lambda _: compile("def f():\n    async for x in g(): pass\n", "app.py", "exec"),
    lambda _: compile("await g()\n", "app.py", "exec"),
    lambda _: compile("def f():\n    return [x async for x in g()]\n", "app.py", "exec"),
)


@raises("TypeError: a cursor, as psycopg has it")
async def cursor_of_psycopg(place: Place) -> None:
    async with place.raw() as connection:
        connection.cursor()


async def asked(place: Place, name: str) -> None:
    connection: asyncpg.Connection
    async with place.raw() as connection:
        getattr(await connection.execute("SELECT 1"), name)


use(
    "AttributeError: the status of a statement in the place of its rows",
    *(
        lambda place, name=name: asked(place, name)  # type: ignore[misc]
        for name in ("fetchall", "fetchone", "rowcount", "scalars")
    ),
)

ENV = """
from alembic import context
from sqlalchemy import create_engine
with create_engine("sqlite:///{folder}/night.db").begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
"""
REVISION = "revision = {0!r}\ndown_revision = {1!r}\ndef upgrade(): ...\ndef downgrade(): ...\n"


@raises("CommandError: a target that is not above or below")
async def downgrade_to_what_is_above(place: Place) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "versions").mkdir()
        Path(folder, "env.py").write_text(ENV.format(folder=folder), "utf-8")
        for pair in (("one", None), ("two", "one")):
            Path(folder, "versions", f"{pair[0]}.py").write_text(REVISION.format(*pair), "utf-8")
        config = Config()
        config.set_main_option("script_location", folder)
        command.upgrade(config, "one")
        command.downgrade(config, "two")


FIXTURE = "import pytest\n@pytest.fixture\ndef client(): ...\n"
use(
    "AttributeError: a fixture itself, in the place of what it gives",
    lambda _: tested(FIXTURE + "def test_one(): client.get('/')\n"),
    lambda _: tested(FIXTURE + "def test_one(): client['a']\n"),
)


@raises("RuntimeError: the test client without its package")
async def no_httpx(place: Place) -> None:
    said = "The starlette.testclient module requires the httpx package to be installed."
    raise RuntimeError(said)


async def brackets_missing(session: AsyncSession) -> None:
    await session.commit  # type: ignore[misc]


async def function_awaited(place: Place) -> None:
    await brackets_missing  # type: ignore[misc]


AWAITED = "TypeError: a function awaited without its brackets"
ask(AWAITED, brackets_missing)
use(AWAITED, function_awaited)
use(
    "ProgrammingError: DISTINCT ON beside another order",
    lambda place: place.ask("SELECT DISTINCT ON (datname) oid FROM pg_database ORDER BY oid"),
)
ask(
    "AttributeError: a statement as a method of the session",
    lambda session: session.update(Bolt),  # type: ignore[attr-defined]
    lambda session: session.select(Bolt),  # type: ignore[attr-defined]
)
use(
    "TypeError: Starlette is newer than FastAPI",
    lambda _: Starlette(on_startup=[]),  # type: ignore[call-arg]
    lambda _: Router(on_shutdown=[]),  # type: ignore[call-arg]
)


@raises("PydanticUserError: model_config with an annotation")
async def annotated_config(place: Place) -> None:
    class Configured(BaseModel):
        model_config: dict[str, str]  # type: ignore[assignment]


@raises("ImportError: a relative import without a package")
async def beyond_the_package(place: Place) -> None:
    exec("from ..models import Team", {"__name__": "routers.users", "__package__": "routers"})


@raises("InterfaceError: the connection is closed")
async def prepared_before_the_end(place: Place) -> None:
    async with place.raw() as connection:
        statement = await connection.prepare("SELECT 1")
        await connection.close()
        await statement.fetch()


@raises("AttributeError: a generator in the place of a session")
async def fixture_that_nobody_ran(place: Place) -> None:
    async def client() -> AsyncIterator[int]:
        yield 1

    client().get("/")  # type: ignore[attr-defined]


@raises("TypeError: an argument that this engine does not take")
async def argument_of_sqlite_for_the_engine(place: Place) -> None:
    create_async_engine(place.sqlalchemy_url, check_same_thread=False)


@raises("TypeError: an argument that asyncpg does not know")
async def argument_of_sqlite_for_asyncpg(place: Place) -> None:
    async with place.engine(connect_args={"check_same_thread": False}) as engine:
        await engine.connect()


use(
    "ProgrammingError: no operator for these two types",
    lambda place: place.ask("SELECT ARRAY['a']::text[] && ARRAY['a']::varchar[]"),
)
use(
    "DBAPIError: there is no such schema",
    lambda place: place.ask("SET search_path TO nowhere", "CREATE TABLE t (a integer)"),
)
