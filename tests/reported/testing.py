"""Tests, clients and servers; and what FastAPI, Pydantic and asyncio say of themselves."""

import asyncio
import contextlib
import io
import json
import os
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio
import asyncpg
import httpx
import pydantic
import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook
from _pytest.config import get_config
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.operations import Operations
from anyio.pytest_plugin import get_runner
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine, text
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import StreamingResponse
from uvicorn.importer import import_from_string

from reported import Place, Rig, raises
from reported.reaching import answering, self_signed


async def answered(app: FastAPI, path: str = "/", **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        return await client.request(options.pop("method", "GET"), path, **options)


async def tested(code: str, *plugins: str) -> None:
    """What a test in a process of its own pytest fails with."""
    failed: list[BaseException] = []

    class Seen:
        def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
            failed.extend([call.excinfo.value] if call.excinfo else [])

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"test_{uuid.uuid4().hex}.py")
        path.write_text(code, "utf-8")
        plain = ["-q", "-s", "--tb=no", "--no-header", "--disable-plugin-autoload", "-W", "ignore"]
        alone = ["--rootdir", folder, "-c", os.devnull, "-p", "no:cacheprovider", str(path)]
        asked = [each for plugin in plugins for each in ("-p", plugin)]
        await asyncio.to_thread(pytest.main, [*plain, *asked, *alone], [Seen()])
    raise failed[0]


@raises("FixtureLookupError: a fixture that pytest cannot see")
async def fixture_not_found(place: Place) -> None:
    await tested("def test_one(db_session): pass")


@raises("Failed: an async test that nobody runs")
async def nobody_runs_it(place: Place) -> None:
    await tested("async def test_one(): pass")


@raises("Failed: a fixture that lives longer than what it needs")
async def scopes(place: Place) -> None:
    code = "import pytest\n@pytest.fixture\ndef one(): pass\n"
    code += "@pytest.fixture(scope='session')\ndef two(one): pass\ndef test_one(two): pass"
    await tested(code)


@raises("Failed: a fixture that was called")
async def fixture_called(place: Place) -> None:
    await tested("import pytest\n@pytest.fixture\ndef one(): pass\ndef test_one(): one()")


@raises("ValueError: a client without base_url")
async def no_base_url(place: Place) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(FastAPI())) as client:
        await client.get("/")


@raises("AttributeError: a synchronous client with an async transport")
async def synchronous_client(place: Place) -> None:
    httpx.Client(transport=httpx.ASGITransport(FastAPI()), base_url="http://app").get("/")


@raises("RuntimeError: a client that is closed")
async def client_closed(place: Place) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(FastAPI()), base_url="http://app")
    await client.aclose()
    await client.get("/")


@raises("RuntimeError: a client that is entered twice")
async def client_entered_twice(place: Place) -> None:
    async with httpx.AsyncClient() as client, client:
        pass


class RigIn(BaseModel):
    name: str


@raises("HTTPStatusError: 422: the request does not fit the endpoint")
async def form_for_json(place: Place) -> None:
    app = FastAPI()

    @app.post("/")
    async def store(rig: RigIn) -> None: ...

    (await answered(app, method="POST", data={"name": "one"})).raise_for_status()


@raises("JSONDecodeError: an answer that is no JSON")
async def redirected(place: Place) -> None:
    app = FastAPI()

    @app.get("/rigs")
    async def show() -> list[str]:
        return []

    (await answered(app, "/rigs/")).json()


@raises("JSONDecodeError: a text that is no JSON, for Python")
async def no_json(place: Place) -> None:
    json.loads("{'a': 1}")


@raises("ImportFromStringError: uvicorn does not find the module")
async def no_such_module(place: Place) -> None:
    import_from_string("main_which_is_elsewhere:app")


@raises("ImportFromStringError: the module has no such app")
async def no_such_app(place: Place) -> None:
    import_from_string("json:app")


@raises("ImportFromStringError: no module and no name")
async def no_name(place: Place) -> None:
    import_from_string("app.main")


@raises("AssertionError: a default beside Annotated")
async def depends_twice(place: Place) -> None:
    @FastAPI().get("/")
    async def show(rig: Annotated[str, Depends(str)] = Depends(str)) -> None: ...


@raises("AssertionError: a default beside Annotated")
async def default_in_annotated(place: Place) -> None:
    @FastAPI().get("/")
    async def show(limit: Annotated[int, Query(default=10)]) -> None: ...


@raises("AssertionError: a body for a status without one")
async def body_of_204(place: Place) -> None:
    @FastAPI().get("/", status_code=204)
    async def show() -> str: ...


async def depending(dependency: Callable[..., Any], fails: bool = False) -> None:
    app = FastAPI()

    @app.get("/")
    async def show(given: Annotated[Any, Depends(dependency)]) -> None:
        if fails:
            raise ValueError("in the endpoint")

    await answered(app)


async def yields_nothing() -> AsyncIterator[None]:
    if Path("/no/such/file").exists():
        yield


async def yields_twice() -> AsyncIterator[None]:
    yield
    yield


async def swallows() -> AsyncIterator[None]:
    with contextlib.suppress(ValueError):
        yield


@raises("TypeError: a dependency under asynccontextmanager")
async def decorated_dependency(place: Place) -> None:
    await depending(contextlib.asynccontextmanager(swallows))


@raises("RuntimeError: a dependency that ended before its yield")
async def dependency_without_yield(place: Place) -> None:
    await depending(yields_nothing)


@raises("RuntimeError: a dependency that yields twice")
async def dependency_yields_twice(place: Place) -> None:
    await depending(yields_twice)


@raises("FastAPIError: a dependency that swallows the error")
async def dependency_swallows(place: Place) -> None:
    await depending(swallows, fails=True)


@raises("TypeError: a dependency that was called")
async def dependency_was_called(place: Place) -> None:
    Depends(yields_nothing())
    await depending(yields_nothing())  # type: ignore[arg-type]


@raises("RuntimeError: a middleware, too late")
async def middleware_too_late(place: Place) -> None:
    app = FastAPI()
    await answered(app)
    app.add_middleware(BaseHTTPMiddleware)


@raises("RuntimeError: a middleware without a response")
async def no_response(place: Place) -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        pass

    async def through(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    await answered(BaseHTTPMiddleware(silent, dispatch=through))  # type: ignore[arg-type]


@raises("RuntimeError: an error after the response had begun")
async def fails_in_the_stream(place: Place) -> None:
    app = FastAPI()

    async def parts() -> AsyncIterator[bytes]:
        yield b"one"
        raise httpx_error()

    def httpx_error() -> Exception:
        from fastapi import HTTPException

        return HTTPException(409)

    @app.get("/")
    async def show() -> StreamingResponse:
        return StreamingResponse(parts())

    await answered(app)


@raises("AssertionError: a path that does not begin with a slash")
async def no_slash(place: Place) -> None:
    APIRouter(prefix="rigs")


@raises("RuntimeError: a folder of static files that is not there")
async def no_folder(place: Place) -> None:
    StaticFiles(directory="no_such_folder")


@raises("PydanticUserError: an argument that Pydantic 2 does not have")
async def regex(place: Place) -> None:
    Field(regex="a")


@raises("PydanticUserError: from_orm without from_attributes")
async def from_orm(place: Place) -> None:
    RigIn.from_orm(Rig(name="one"))


@raises("PydanticUserError: class Config beside model_config")
async def two_configurations(place: Place) -> None:
    class Page(BaseModel):
        model_config = ConfigDict(extra="forbid")

        class Config:
            pass


@raises("PydanticUserError: a validator for a field that is not there")
async def validator_of_nothing(place: Place) -> None:
    class Page(BaseModel):
        name: str

        @field_validator("nmae")
        @classmethod
        def check(cls, value: str) -> str:
            return value


@raises("NameError: a field that hides a method")
async def underscore(place: Place) -> None:
    pydantic.create_model("Page", _id=(int, Field()))


class Origins(BaseSettings):
    reported_origins: list[str]


@raises("SettingsError: a setting that is no JSON")
async def setting_no_json(place: Place) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTED_ORIGINS", "a,b")
        Origins()


@raises("ValidationError: a field is missing")
async def field_missing(place: Place) -> None:
    RigIn.model_validate({})


@raises("ValidationError: a field too many")
async def field_too_many(place: Place) -> None:
    class Closed(RigIn, extra="forbid"):
        pass

    Closed.model_validate({"name": "one", "title": "two"})


@raises("ValidationError: a value of another type")
async def value_of_another_type(place: Place) -> None:
    RigIn.model_validate({"name": None})


@raises("ValidationError: a value of another type")
async def no_number(place: Place) -> None:
    pydantic.TypeAdapter(int).validate_python("one")


@raises("TypeError: async for over a coroutine")
async def stream_of_a_coroutine(place: Place) -> None:
    async with place.session() as session:
        async for _ in session.execute(text("SELECT 1")):
            pass


@raises("RuntimeError: a coroutine awaited twice")
async def awaited_twice(place: Place) -> None:
    once = asyncio.sleep(0)
    await once
    await once


@raises("RuntimeError: a lock or a queue of another loop")
async def lock_of_another_loop(place: Place) -> None:
    lock = asyncio.Lock()

    async def waits() -> None:
        with contextlib.suppress(TimeoutError):
            async with lock, asyncio.timeout(0.01), lock:
                pass

    for _ in range(2):
        await asyncio.to_thread(asyncio.run, waits())


@raises("RuntimeError: a timeout outside of a task")
async def timeout_without_a_task(place: Place) -> None:
    async def limited() -> None:
        async with asyncio.timeout(1):  # noqa: ASYNC100 - entering it is what fails
            pass

    def step() -> None:
        limited().send(None)

    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def call() -> None:
        try:
            step()
        except RuntimeError as error:
            done.set_exception(error)

    asyncio.get_running_loop().call_soon(call)
    await done


@raises("RuntimeError: entered in one task, left in another")
async def left_in_another_task(place: Place) -> None:
    scope = anyio.CancelScope()

    async def enter() -> None:
        scope.__enter__()

    async def leave() -> None:
        scope.__exit__(None, None, None)

    await asyncio.create_task(enter())
    await asyncio.create_task(leave())


@raises("AttributeError: awaitable_attrs without its mixin")
async def no_mixin(place: Place) -> None:
    await Rig(name="one").awaitable_attrs.bolts


@raises("TimeoutError: no connection of asyncpg's pool became free")
async def held_and_asked(place: Place) -> None:
    async with asyncpg.create_pool(place.url, min_size=1, max_size=1) as pool, pool.acquire():
        await pool.acquire(timeout=0.1)


@raises("InterfaceError: a connection that SQLAlchemy held was closed")
async def terminated_under_sqlalchemy(place: Place) -> None:
    async with place.connection() as connection:
        raw = await connection.get_raw_connection()
        raw.driver_connection.terminate()
        await connection.execute(text("SELECT 1"))


async def returning(answer: Callable[[], Any], model: Any) -> None:
    app = FastAPI()

    @app.get("/", response_model=model)
    async def show() -> Any:
        return answer()

    await answered(app)


@raises("ValueError: a coroutine as the answer")
async def coroutine_returned(place: Place) -> None:
    await returning(lambda: asyncio.sleep(0), None)


@raises("ValueError: a coroutine as the answer")
async def coroutine_serialized(place: Place) -> None:
    await returning(lambda: asyncio.sleep(0), Any)


@raises("ValueError: an answer that FastAPI cannot make JSON of")
async def object_returned(place: Place) -> None:
    await returning(object, None)


@raises("RemoteProtocolError: the server hung up")
async def server_hangs_up(place: Place) -> None:
    async with answering(lambda _: b"") as url, httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{urlsplit(url).port}/")


@raises("RemoteProtocolError: the server hung up")
async def server_hangs_up_in_the_middle(place: Place) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    async with answering(lambda _: half) as url, httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{urlsplit(url).port}/")


@raises("ModuleNotFoundError: anyio runs the test a second time, on trio")
async def anyio_on_trio(place: Place) -> None:
    with get_runner("trio", {}):
        pass


async def collected(files: dict[str, str]) -> None:
    """What pytest's collection of these files fails with, in a folder of their own."""
    failed: list[BaseException] = []

    class Seen:
        def pytest_exception_interact(self, call: Any) -> None:
            failed.append(call.excinfo.value)

    with tempfile.TemporaryDirectory() as folder:
        for name, code in files.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_text(code, "utf-8")
        plain = ["-q", "--no-header", "--disable-plugin-autoload", "--rootdir", folder]
        alone = ["-c", os.devnull, "-p", "no:cacheprovider", folder]
        with contextlib.redirect_stdout(io.StringIO()):
            await asyncio.to_thread(pytest.main, [*plain, *alone], [Seen()])
    raise failed[0]


@raises("CollectError: a test file that cannot be imported")
async def test_file_without_its_app(place: Place) -> None:
    await collected({f"test_{uuid.uuid4().hex}.py": "import no_such_app_anywhere"})


@raises("CollectError: two test files of one name")
async def two_test_files_of_one_name(place: Place) -> None:
    name = f"test_{uuid.uuid4().hex}.py"
    await collected({f"api/{name}": "", f"db/{name}": ""})


@raises("PytestUnknownMarkWarning: a mark that pytest does not know, as an error")
async def mark_of_nobody(place: Place) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pytest.mark.slow_and_of_nobody  # noqa: B018


ALONE = ["-c", os.devnull, "--disable-plugin-autoload", "--noconftest"]
"""pytest by itself: importing everybody's plugins takes seconds."""


@raises("PytestAssertRewriteWarning: a plugin, imported before pytest could rewrite it")
async def plugin_imported_before(place: Place) -> None:
    config = get_config()
    config.parse([*ALONE, "-W", "error"])
    AssertionRewritingHook(config).mark_rewrite("sqlalchemy")


@raises("UsageError: an option that pytest does not know")
async def option_of_a_missing_plugin(place: Place) -> None:
    arguments = [*ALONE, "--no-such-option-anywhere"]
    with contextlib.redirect_stderr(io.StringIO()):
        get_config(arguments).parse(arguments)


@raises("AttributeError: options of a command line that there is not")
async def options_of_no_command_line(place: Place) -> None:
    AlembicConfig().cmd_opts.autogenerate  # type: ignore[union-attr]  # noqa: B018


@raises("NotImplementedError: a migration that SQLite cannot do")
async def constraint_on_sqlite(place: Place) -> None:
    with create_engine("sqlite://").connect() as connection:
        operations = Operations(MigrationContext.configure(connection))
        operations.create_unique_constraint("one", "t", ["name"])


@raises("ConnectError: a certificate that the client does not trust")
async def certificate_that_nobody_signed(place: Place) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0,
                                        ssl=await self_signed())  # fmt: skip
    port = server.sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(f"https://127.0.0.1:{port}/")
    finally:
        server.close()
