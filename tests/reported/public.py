"""What was found in public after everything else here: tokens, WebSockets, uploads, mocks, other
drivers, containers, processes and the names of files. What is not installed here says its own words
in a module of its name.
"""

import asyncio
import enum
import importlib
import io
import multiprocessing.process
import multiprocessing.spawn
import sys
import tempfile
import types
import unittest.mock
import warnings
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI, UploadFile
from IPython.core.error import UsageError
from pydantic import BaseModel
from sqlalchemy import JSON, Column, ForeignKey, Integer, exc, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from reported import Place, Rig, ask, raises, use
from reported.packages import said_by


class Of(DeclarativeBase):
    pass


class Document(Of):
    __tablename__ = "document"
    id = Column(Integer, primary_key=True)
    data = Column(JSON)


def psycopg(said: str) -> Callable[[Place], None]:
    """What SQLAlchemy makes of an error of psycopg2's."""
    error = type("OperationalError", (Exception,), {"__module__": "psycopg2"})(said)

    def produce(place: Place) -> None:
        raise exc.OperationalError(None, None, error) from error

    return produce


def server(code: str, said: str) -> Callable[[Place], None]:
    """An error with these words of PostgreSQL's."""

    def produce(place: Place) -> None:
        raise asyncpg.PostgresError.new({"C": code, "M": said})

    return produce


def sqlalchemy(said: str) -> Callable[[Place], None]:
    return said_by("sqlalchemy.orm", f'type("InvalidRequestError", (Exception,), {{}})({said!r})')


AT = 'connection to server at "localhost" (127.0.0.1), port 5432 failed: '
use(
    "OperationalError: psycopg finds nobody at that address",
    psycopg(f"{AT}Connection refused\n\tIs the server running on that host?"),
    psycopg("could not connect to server: Connection refused"),
)
use("OperationalError: psycopg has no password to send", psycopg(f"{AT}no password supplied"))
use("gaierror: nobody knows this host", psycopg('could not translate host name "db" to address'))
use(
    "InvalidAuthorizationSpecificationError: the server does not let this role in",
    psycopg(f'{AT}FATAL:  role "me" does not exist'),
)
use(
    "InvalidCatalogNameError: there is no such database",
    psycopg(f'{AT}FATAL:  database "night" does not exist'),
)
use(
    "ConnectionDoesNotExistError: the connection was lost in the middle of a statement",
    psycopg("server closed the connection unexpectedly"),
)
use(
    "ConnectionError: the server does not speak TLS",
    psycopg(f"{AT}server does not support SSL, but SSL was required"),
)
SHARED = 'could not resize shared memory segment "/PostgreSQL.1" to 8388608 bytes: No space left'
use("DiskFullError: too little shared memory in the container", server("53100", SHARED))
use(
    "InternalServerError: collations of another version than the system's",
    server("XX000", 'template database "template1" has a collation version mismatch'),
)
use(
    "InvalidTableDefinitionError: a second primary key",
    lambda place: place.ask(
        "CREATE TABLE twice (a integer PRIMARY KEY)", "ALTER TABLE twice ADD PRIMARY KEY (a)"
    ),
)
use(
    "InvalidRequestError: a column that is called metadata",
    sqlalchemy("Attribute name 'metadata' is reserved when using the Declarative API."),
)
use(
    "InvalidRequestError: an inner SELECT without a table of its own",
    sqlalchemy("Select statement '<…>' returned no FROM clauses due to auto-correlation; specify"),
)
use(
    "AttributeError: a JSON column without astext",
    lambda _: Document.data["a"].astext,
    lambda _: Document.id.astext,
)


def written(place: Place) -> None:
    with tempfile.TemporaryFile("wb") as file:
        file.write(UploadFile(io.BytesIO(b"a")).read())  # type: ignore[arg-type]


async def number() -> int:
    return 1


use(
    "TypeError: a coroutine, where its value is wanted",
    written,
    lambda _: int(number()),  # type: ignore[call-overload]
    lambda _: "a" + number(),  # type: ignore[operator]
    lambda _: "".join([number()]),  # type: ignore[list-item]
    lambda _: number() > 0,  # type: ignore[operator]
)


@raises("InvalidStateError: the result of a task that is not done")
async def not_done(place: Place) -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    task.result()


@raises("CancelledError: the server stops while the app waits")
async def stopped(place: Place) -> None:
    waiting: asyncio.Queue[Any] = asyncio.Queue()
    waiting.put_nowait({"type": "lifespan.startup"})

    async def send(message: object) -> None: ...

    app = FastAPI()
    task = asyncio.create_task(app({"type": "lifespan", "state": {}}, waiting.get, send))
    await asyncio.sleep(0.05)
    task.cancel()
    await task


use(
    "AttributeError: a text, decoded once more",
    lambda _: "a".decode(),  # type: ignore[attr-defined]
)
OURS = "partially initialized module 'fastapi' (most likely due to a circular import)"
NAMED = "name='fastapi', path='/home/me/app/fastapi.py'"


@raises("ImportError: a file with the name of a package")
async def hidden_by_a_file(place: Place) -> None:
    module = types.ModuleType("fastapi")
    module.__file__ = "/home/me/app/fastapi.py"
    module.FastAPI  # noqa: B018


use(
    "ImportError: a file with the name of a package",
    said_by("main", f"ImportError(\"cannot import name 'FastAPI' from {OURS}\", {NAMED})"),
)


async def closed(place: Place) -> None:
    file = UploadFile(io.BytesIO(b"a"))
    await file.close()
    await file.read()


use("ValueError: a file that is closed", closed)


@raises("RuntimeError: processes that start themselves again")
async def started_again(place: Place) -> None:
    me: Any = multiprocessing.process.current_process()
    me._inheriting = True
    try:
        multiprocessing.spawn._check_not_importing_main()  # type: ignore[attr-defined]
    finally:
        del me._inheriting


@raises("ZoneInfoNotFoundError: no time zones on this machine")
async def no_zones(place: Place) -> None:
    paths = zoneinfo.TZPATH
    with unittest.mock.patch.dict(sys.modules, {"tzdata": None}):
        zoneinfo.reset_tzpath([])
        try:
            zoneinfo.ZoneInfo.no_cache("Europe/Paris")
        finally:
            zoneinfo.reset_tzpath(paths)


use(
    "PermissionError: a path that this user may not use",
    said_by("main", "PermissionError(13, 'Permission denied', '/app/logs/app.log')"),
)
BIND = "error while attempting to bind on address ('0.0.0.0', 80): permission denied"
use(
    "PermissionError: a port below 1024",
    said_by("uvicorn.server", f"PermissionError(13, {BIND!r})"),
)


def migrated(env: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "versions").mkdir()
        if env:
            Path(folder, "env.py").write_text(env, "utf-8")
        config = Config()
        config.set_main_option("script_location", folder)
        command.upgrade(config, "head")


use("ImportError: a folder without env.py", lambda _: migrated(""))
TAKEN = "from alembic import context\nconfig = context.config\nimport json as config\nconfig."
use(
    "AttributeError: another config than Alembic's, in env.py",
    lambda _: migrated(f"{TAKEN}get_section('alembic')"),
    lambda _: migrated(f"{TAKEN}config_file_name"),
)


@raises("KeyError: a key that the answer does not have")
async def no_token(place: Place) -> None:
    response = httpx.Response(401, json={"detail": "Not authenticated"})
    response.json()["access_token"]


use(
    "AssertionError: a mock that was not called so",
    lambda _: unittest.mock.Mock().assert_called_once(),
    lambda _: unittest.mock.AsyncMock().assert_awaited_once_with(1),
    lambda _: unittest.mock.Mock().assert_called_with(1),
)
use(
    "AttributeError: a name to patch that is not there",
    lambda _: unittest.mock.patch("reported.public.send").start(),
)


@raises("UsageError: a magic that there is not")
async def no_magic(place: Place) -> None:
    raise UsageError("Line magic function `%sql` not found.")


use(
    "ModuleNotFoundError: a module that Python does not find",
    lambda _: importlib.import_module("jose"),
)


use(
    "InvalidTableDefinitionError: a column of the primary key, made nullable",
    lambda place: place.ask(
        "CREATE TABLE keyed (a integer PRIMARY KEY)", "ALTER TABLE keyed ALTER a DROP NOT NULL"
    ),
)


@raises("InterfaceError: a connection of another pool")
async def of_another_pool(place: Place) -> None:
    pool = asyncpg.create_pool(place.url, min_size=0)
    async with pool, place.raw() as connection:
        await pool.release(connection)


async def evaluated(session: AsyncSession) -> None:
    session.add(Rig(name="two"))
    await session.flush()
    asked = update(Rig).where(func.lower(Rig.name) == "two").values(name="three")
    await session.execute(asked.execution_options(synchronize_session="evaluate"))


ask("InvalidRequestError: a condition that Python cannot evaluate", evaluated)


@raises("SAWarning: two relationships over one foreign key")
async def two_relationships(place: Place) -> None:
    class Own(DeclarativeBase):
        pass

    class Ship(Own):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        sailors = relationship("Sailor")

    class Sailor(Own):
        __tablename__ = "sailor"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))
        ship = relationship("Ship")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Ship()


class Named(BaseModel):
    name: str


use(
    "AttributeError: a field, read as in Pydantic 1",
    lambda _: Named.model_fields["name"].outer_type_,  # type: ignore[attr-defined]
)


class OfWSGI:
    def __call__(self, environ: object, start_response: object) -> None: ...


use(
    "TypeError: a WSGI app on an ASGI server",
    lambda _: OfWSGI()({}),  # type: ignore[call-arg]
)
use(
    "RuntimeError: a body of another length than its header",
    said_by("uvicorn.protocols", "RuntimeError('Response content longer than Content-Length')"),
    said_by("uvicorn.protocols", "RuntimeError('Response content shorter than Content-Length')"),
)


@raises("Failed: an argument of parametrize that the test does not have")
async def no_such_argument(place: Place) -> None:
    pytest.fail("In test_one: function uses no argument 'expected'")


class Level(enum.Enum):
    LOW = 1


use("ValueError: a value that an enum does not have", lambda _: Level("1"))
