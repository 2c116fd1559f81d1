"""The words of other libraries and of older versions; modules, files and programs that are not
there.
"""

import asyncio
import builtins
import contextlib
import importlib
import socket
import sqlite3
import struct
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import anyio
import asyncpg
import httpx
import pydantic
from fastapi import Depends, FastAPI, Query, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.templating import Jinja2Templates
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from reported import Base, Place, Rig, raises, use
from reported.models import ForeignKey
from reported.serving import Team
from reported.testing import answered, tested

FLASK = "AttributeError: the app of another framework"
for name in ("route", "errorhandler", "register_blueprint"):
    use(FLASK, lambda _, name=name: getattr(FastAPI(), name))  # type: ignore[misc]
for name in ("args", "get_json", "GET", "remote_addr"):
    use(
        "AttributeError: a request, in the words of another framework",
        lambda _, name=name: getattr(Request({"type": "http"}), name),  # type: ignore[misc]
    )
for name in ("pgcode", "pgerror", "diag"):
    use(
        "AttributeError: the code of an error, in the words of psycopg",
        lambda _, name=name: getattr(asyncpg.UndefinedTableError("no"), name),  # type: ignore[misc]
    )
AS_SCHEMA = "AttributeError: a model of the database in the place of a schema"
use(
    AS_SCHEMA,
    lambda _: Rig(name="one").model_dump(),  # type: ignore[attr-defined]
    lambda _: Rig.model_validate({}),  # type: ignore[attr-defined]
    lambda _: [Team(id=1)].model_dump(),  # type: ignore[attr-defined]
)
use(
    "AttributeError: an object that does not store itself",
    lambda _: Rig(name="one").save(),  # type: ignore[attr-defined]
)
use(
    "AttributeError: many objects, where one was meant",
    lambda _: Rig(name="one").bolts.name,  # type: ignore[attr-defined]
)
UNION = "TypeError: a union with a class in quotes"
use(
    UNION,
    lambda _: eval('"Team" | None'),
    lambda _: eval("Rig | 'Team'", {"Rig": Rig}),
    lambda _: eval("Team | 'Rig'", {"Team": Team}),
    lambda _: eval("any | None", vars(builtins)),
)
use(
    "TypeError: two bases that do not go together",
    lambda _: type("Both", (Base, pydantic.BaseModel), {}),
)
OF_ANOTHER_PLACE = "ImportError: a name of SQLAlchemy's, from another place or version"
for line in (
    "from sqlalchemy.orm import AsyncSession",
    "from sqlalchemy import DeclarativeBase",
    "from pydantic.fields import ModelField",
    "from fastapi import Jinja2Templates",
):
    use(OF_ANOTHER_PLACE, lambda _, line=line: exec(line))  # type: ignore[misc]
use(
    "ModuleNotFoundError: a module that Python does not find",
    lambda _: importlib.import_module("no_such_module_anywhere"),
    lambda _: importlib.import_module("json.decoder.no_such_part"),
)
use(
    "FileNotFoundError: a file that is not there",
    lambda _: Path("no/such/file.csv").read_text("utf-8"),
)
use(
    "CalledProcessError: a program that ended with an error",
    lambda _: subprocess.run(["false"], check=True),
)
use(
    "TypeError: an option of the client, given to a request",
    lambda _: httpx.Client().get("http://app", verify=False),  # type: ignore[call-arg]
    lambda _: httpx.Client().get("http://app", stream=True),  # type: ignore[call-arg]
)
use(
    "AttributeError: a name of requests, asked of httpx",
    lambda _: httpx.Session(),  # type: ignore[attr-defined]
    lambda _: httpx.exceptions,  # type: ignore[attr-defined]
)
use("RuntimeError: no event loop here", lambda _: asyncio.to_thread(anyio.current_time))
SESSION = "AttributeError: the factory in the place of a session"
use(
    SESSION,
    lambda _: sessionmaker().execute("SELECT 1"),  # type: ignore[attr-defined]
    lambda _: use.execute("SELECT 1"),  # type: ignore[attr-defined]
)
GENERATOR = "AttributeError: a generator in the place of a session"


def yields() -> Any:
    yield None


async def yields_async() -> Any:
    yield None


async def entered(what: Any) -> None:
    async with what:
        pass


use(
    GENERATOR,
    lambda _: yields().query,
    lambda _: next(yields_async()),
    lambda _: entered(yields()),
)
use(
    "AttributeError: an engine, asked to execute",
    lambda place: create_async_engine(place.sqlalchemy_url).cursor(),  # type: ignore[attr-defined]
)


def mapped(**options: Any) -> None:
    """A parent and a child that do not fit, used twice: the second time all mappers refuse."""

    class Own(DeclarativeBase):
        pass

    class Parent(Own):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True)
        children: Mapped[list["Child"]] = relationship(**options)

    class Child(Own):
        __tablename__ = "child"
        id: Mapped[int] = mapped_column(primary_key=True)
        first: Mapped[int] = mapped_column(ForeignKey("parent.id"))
        second: Mapped[int] = mapped_column(ForeignKey("parent.id"))

    with contextlib.suppress(SQLAlchemyError):
        Parent()
    Parent()


use(
    "AmbiguousForeignKeysError: a relationship with two foreign keys",
    lambda _: mapped(),
)
use(
    "InvalidRequestError: back_populates names nothing",
    lambda _: mapped(back_populates="parent", foreign_keys="Child.first"),
)
use(
    "InvalidRequestError: a mapper that failed before",
    lambda _: mapped(foreign_keys="Child.first", order_by="desc"),
)
use(
    "ArgumentError: a join condition without a foreign key",
    lambda _: mapped(primaryjoin="Parent.id > 1"),
)
use(
    "AttributeError: a relationship that names a column which is not there",
    lambda _: mapped(foreign_keys="Child.first", order_by="Child.position"),
)
use(
    "DuplicateColumnError: two columns of one name in a model",
    lambda _: Table("t", MetaData(), Column("a", Integer), Column("a", Integer)),
)


def plain(answer: Any, path: str = "/") -> None:
    FastAPI().get(path)(answer)


def of_a_dictionary(one: dict[str, int]) -> None:
    pass


def of_filters(one: Annotated[dict[str, int], Query()]) -> None:
    pass


use(
    "AssertionError: a parameter of a type that a URL cannot hold",
    lambda _: plain(of_a_dictionary, "/{one}"),
    lambda _: plain(of_filters),
)


async def nothing() -> None:
    pass


use(
    "TypeError: no coroutine, where one is wanted",
    lambda _: asyncio.to_thread(asyncio.run, nothing),  # type: ignore[arg-type]
    lambda _: asyncio.get_running_loop().create_task(nothing),  # type: ignore[arg-type]
    lambda _: asyncio.wait([nothing()]),  # type: ignore[type-var]
)


@raises("RequestValidationError: 422: what was sent does not fit the endpoint")
async def form_for_a_schema(place: Place) -> None:
    app = FastAPI()

    @app.post("/")
    async def store(team: Team) -> None:
        pass

    @app.exception_handler(RequestValidationError)
    async def handle(request: Request, error: RequestValidationError) -> None:
        raise error

    await answered(app, method="POST", data={"id": "1"})


CLOSED = "RuntimeError: a WebSocket that was not accepted"
Talk = Callable[[WebSocket], Awaitable[None]]


def over_websocket(talk: Talk) -> Talk:
    """Raises what an endpoint with this talk does; the other side reads one text and leaves."""

    async def talked(place: Place) -> None:
        app = FastAPI()
        app.websocket("/")(talk)
        await asyncio.to_thread(_read_one, app)

    talked.__name__ = talk.__name__
    raises(CLOSED)(talked)
    return talk


def _read_one(app: FastAPI) -> None:
    with TestClient(app) as client, client.websocket_connect("/") as websocket:
        websocket.receive_text()


@over_websocket
async def sent_before_accept(websocket: WebSocket) -> None:
    await websocket.send_text("a")


@over_websocket
async def sent_after_close(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("a")
    await websocket.close()
    await websocket.send_text("b")


@over_websocket
async def received_after_the_end(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("a")
    with contextlib.suppress(WebSocketDisconnect):
        await websocket.receive_text()
    await websocket.receive_text()


@raises("ConnectionResetError: the other side hung up")
async def reset_by_peer(place: Place) -> None:
    """A listener that takes each connection and cuts it."""

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        at_once = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        writer.transport.abort()

    async with await asyncio.start_server(cut, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        await asyncpg.connect(f"postgresql://a:b@127.0.0.1:{port}/c", timeout=5)


ASYNC_FIXTURE = """
import pytest
@pytest.fixture
async def db(): return 1
def test_one(db): assert db
"""


@raises("Failed: an async test that nobody runs")
async def async_fixture_of_a_synchronous_test(place: Place) -> None:
    await tested(ASYNC_FIXTURE)


async def busy(seconds: dict[str, float], requests: int) -> None:
    """So many requests at once, with one connection, to a server that never answers."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        limits = httpx.Limits(max_connections=1)
        timeout = httpx.Timeout(5, **seconds)
        async with httpx.AsyncClient(limits=limits, timeout=timeout, trust_env=False) as client:
            await asyncio.gather(*(client.get(url) for _ in range(requests)))


use(
    "PoolTimeout: the client has no connection free",
    lambda _: busy({"pool": 0.1}, 2),
)
use(
    "ReadTimeout: the answer did not come in time",
    lambda _: busy({"read": 0.1}, 1),
)


DEFAULTS = "AttributeError: Depends in the place of a session"
use(
    DEFAULTS,
    lambda _: list(Depends(yields)),  # type: ignore[call-overload]
    lambda _: Query(10) > 1,
)


@raises("InvalidRequestError: a column or a relationship of a mixin")
async def relationship_of_a_mixin(place: Place) -> None:
    class Own(DeclarativeBase):
        pass

    class Owned:
        owner = relationship("Rig")

    class Boat(Owned, Own):
        __tablename__ = "boat"
        id: Mapped[int] = mapped_column(primary_key=True)


@raises("InvalidRequestError: a column or a relationship of a mixin")
async def column_of_two_tables(place: Place) -> None:
    column = Column("id", Integer)
    Table("one", MetaData(), column)
    Table("two", MetaData(), column)


def of_sqlite(path: str, *statements: str) -> None:
    with create_engine(f"sqlite://{path}", connect_args={"timeout": 0}).connect() as connection:
        for each in statements:
            connection.execute(text(each))


use(
    "OperationalError: a table that SQLite does not have",
    lambda _: of_sqlite("", "SELECT * FROM boat"),
)


@raises("OperationalError: SQLite is busy")
async def sqlite_is_busy(place: Place) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.db")
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            of_sqlite(f"/{path}", "CREATE TABLE boat (id int)")


STATUS = """
import httpx
def test_one():
    response = httpx.Response(422, text="no name")
    assert response.status_code == 201
"""


@raises("AssertionError: another status than the test wants")
async def another_status(place: Place) -> None:
    await tested(STATUS)


async def entered_none() -> None:
    async with None:  # type: ignore[attr-defined]
        pass


use("TypeError: a lifespan that gives nothing", lambda _: entered_none())
use(
    "TemplateNotFound: a template that is not there",
    lambda _: Jinja2Templates("templates").get_template("page.html"),
)
