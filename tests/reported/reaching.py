"""Reaching the server, directly or through a pooler."""

import asyncio
import contextlib
import errno
import ssl
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from reported import Place, raises


async def connect(engine: AsyncEngine) -> None:
    async with engine.connect():
        pass


@contextlib.asynccontextmanager
async def answering(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[str]:
    """A port that answers the first message with these bytes, and hangs up; None waits on."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(1000):
            answered = answer(said)
            if answered is not None:
                writer.write(answered)
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"postgresql://me:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/night"
    finally:
        server.close()
        await asyncio.sleep(0.05)  # whoever serves sees the end


def refusal(code: str, message: str) -> Callable[[bytes], bytes]:
    """PostgreSQL's message for an error, as a server or a pooler sends it at the start."""
    fields = f"SFATAL\0VFATAL\0C{code}\0M{message}\0\0".encode()
    packet = b"E" + (len(fields) + 4).to_bytes(4, "big") + fields
    return lambda _: packet


@raises("InvalidCatalogNameError: there is no such database")
async def wrong_database(place: Place) -> None:
    await asyncpg.connect(place.url, database="no_such_database")


@raises("InvalidCatalogNameError: there is no such database")
async def wrong_database_of_an_engine(place: Place) -> None:
    await connect(create_async_engine(place.sqlalchemy_url + "_not"))


@raises("gaierror: nobody knows this host")
async def unknown_host(place: Place) -> None:
    await asyncpg.connect("postgresql://me:secret@no-such-host.invalid/night", timeout=20)


@raises("gaierror: nobody knows this host")
async def at_in_the_password(place: Place) -> None:
    await connect(create_async_engine("postgresql+asyncpg://me:p@ss.invalid/word@localhost/night"))


@raises("TypeError: an argument that asyncpg does not know")
async def sslmode_in_the_url(place: Place) -> None:
    await connect(create_async_engine(place.sqlalchemy_url + "?sslmode=require"))


@raises("TypeError: an option for engine.connect")
async def isolation_level_for_connect(place: Place) -> None:
    async with place.engine() as engine:
        engine.connect(isolation_level="AUTOCOMMIT")  # type: ignore[call-arg]


@raises("ClientConfigurationError: ssl is no word that asyncpg knows")
async def ssl_true_in_the_url(place: Place) -> None:
    await connect(create_async_engine(place.sqlalchemy_url + "?ssl=true"))


@raises("ConnectionError: the server does not speak TLS")
async def tls_wanted(place: Place) -> None:
    await asyncpg.connect(place.url, ssl="require")


async def self_signed() -> ssl.SSLContext:
    """What a server needs that has a certificate of its own."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key"), Path(folder, "certificate")
        command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=me"]
        made = [*command, "-keyout", str(key), "-out", str(certificate)]
        await asyncio.to_thread(subprocess.run, made, check=True, capture_output=True, timeout=30)
        own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        own.load_cert_chain(certificate, key)
    return own


@raises("SSLCertVerificationError: a certificate that this machine does not trust")
async def certificate_of_its_own(place: Place) -> None:
    own = await self_signed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"S")
        with contextlib.suppress(OSError):
            await writer.start_tls(own)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        context = ssl.create_default_context()
        await asyncpg.connect(host="127.0.0.1", port=port, user="me", ssl=context)
    finally:
        server.close()


@raises("InvalidAuthorizationSpecificationError: the server does not let this role in")
async def may_not_log_in(place: Place) -> None:
    admin = await asyncpg.connect(place.admin_url)
    await admin.execute("DROP ROLE IF EXISTS idle_role")
    await admin.execute("CREATE ROLE idle_role NOLOGIN PASSWORD 'secret'")
    try:
        await asyncpg.connect(place.url, user="idle_role", password="secret")
    finally:
        await admin.execute("DROP ROLE idle_role")
        await admin.close()


@raises("CannotConnectNowError: the server is starting, or stopping")
async def starting_up(place: Place) -> None:
    async with answering(refusal("57P03", "the database system is starting up")) as url:
        await asyncpg.connect(url, ssl=False)


@raises("CannotConnectNowError: the server is starting, or stopping")
async def starting_up_under_sqlalchemy(place: Place) -> None:
    async with answering(refusal("57P03", "the database system is starting up")) as url:
        address = url.replace("postgresql:", "postgresql+asyncpg:")
        await connect(create_async_engine(address, connect_args={"ssl": False}))


@raises("TimeoutError: the server did not answer the connection")
async def nobody_answers(place: Place) -> None:
    async with answering(lambda _: None) as url:
        await asyncpg.connect(url, ssl=False, timeout=0.2)


@raises("TimeoutError: the server did not answer the connection")
async def nobody_answers_sqlalchemy(place: Place) -> None:
    async with answering(lambda _: None) as url:
        address = url.replace("postgresql:", "postgresql+asyncpg:")
        arguments = {"ssl": False, "timeout": 0.2}
        await connect(create_async_engine(address, connect_args=arguments))


@raises("TimeoutError: a statement took longer than command_timeout")
async def slow_statement(place: Place) -> None:
    async with place.raw(command_timeout=0.1) as connection:
        await connection.fetch("SELECT pg_sleep(1)")


@raises("TimeoutError: a statement took longer than command_timeout")
async def slow_statement_without_parameters(place: Place) -> None:
    async with place.raw() as connection:
        await connection.execute("SELECT pg_sleep(1)", timeout=0.1)


@raises("TimeoutError: a statement took longer than command_timeout")
async def slow_statement_under_sqlalchemy(place: Place) -> None:
    arguments = {"command_timeout": 0.1}
    async with place.engine(connect_args=arguments) as engine, engine.connect() as connection:
        await connection.execute(text("SELECT pg_sleep(1)"))


@raises("ConnectionDoesNotExistError: what answered is no PostgreSQL")
async def another_program(place: Place) -> None:
    async with answering(lambda _: b"") as url:
        await asyncpg.connect(url, ssl=False)


async def killed(place: Place, pid: int, after: float) -> None:
    await asyncio.sleep(after)
    admin = await asyncpg.connect(place.admin_url)
    await admin.execute("SELECT pg_terminate_backend($1)", pid)
    await admin.close()


@raises("AdminShutdownError: somebody ended this connection")
async def killed_in_a_statement(place: Place) -> None:
    async with place.raw() as connection, asyncio.TaskGroup() as group:
        group.create_task(killed(place, connection.get_server_pid(), 0.1))
        await connection.fetch("SELECT pg_sleep(5)")


@raises("AdminShutdownError: somebody ended this connection")
async def killed_under_sqlalchemy(place: Place) -> None:
    async with place.connection() as connection:
        pid = await connection.scalar(text("SELECT pg_backend_pid()"))
        task = asyncio.create_task(killed(place, pid, 0.1))
        try:
            await connection.execute(text("SELECT pg_sleep(5)"))
        finally:
            await task


@raises("ConnectionDoesNotExistError: the connection was lost in the middle of a statement")
async def lost_in_a_statement(place: Place) -> None:
    async with place.raw() as connection:
        asyncio.get_running_loop().call_later(0.1, connection._transport.abort)
        await connection.fetch("SELECT pg_sleep(5)")


@raises("InterfaceError: the connection is closed")
async def closed_before(place: Place) -> None:
    async with place.raw() as connection:
        await connection.close()
        await connection.fetch("SELECT 1")


@raises("InterfaceError: a connection that SQLAlchemy held was closed")
async def killed_before(place: Place) -> None:
    async with place.connection() as connection:
        await killed(place, await connection.scalar(text("SELECT pg_backend_pid()")), 0)
        await asyncio.sleep(0.1)
        await connection.execute(text("SELECT 1"))


@raises("NoSuchModuleError: a URL of another dialect")
async def postgres_dialect(place: Place) -> None:
    create_async_engine("postgres://me:secret@localhost/night")


@raises("NoSuchModuleError: a URL of another dialect")
async def unknown_driver(place: Place) -> None:
    create_async_engine("postgresql+asyncpgg://me:secret@localhost/night")


@raises("ClientConfigurationError: a URL of SQLAlchemy for asyncpg")
async def url_of_sqlalchemy(place: Place) -> None:
    await asyncpg.connect(place.sqlalchemy_url)


@raises("ArgumentError: no URL at all")
async def no_url(place: Place) -> None:
    create_async_engine(None)


@raises("ArgumentError: a text that is no URL")
async def empty_url(place: Place) -> None:
    create_async_engine("")


@raises("ValueError: a port that is no number")
async def colon_in_the_password(place: Place) -> None:
    create_async_engine("postgresql+asyncpg://me:p@s:s@localhost:5432/night")


@raises("ValueError: a port that is no number")
async def port_of_asyncpg(place: Place) -> None:
    await asyncpg.connect("postgresql://me:secret@localhost:${PORT}/night")


@raises("InvalidRequestError: an async engine with a synchronous driver")
async def synchronous_driver(place: Place) -> None:
    create_async_engine("sqlite:///:memory:")


@raises("ArgumentError: a pool of threads for an async engine")
async def pool_of_threads(place: Place) -> None:
    create_async_engine(place.sqlalchemy_url, poolclass=QueuePool)


@raises("DuplicatePreparedStatementError: a prepared statement exists, behind a pooler")
async def prepared_twice(place: Place) -> None:
    await place.ask(*2 * ["PREPARE __asyncpg_stmt_1__ AS SELECT 1"])


@raises("DuplicatePreparedStatementError: a prepared statement exists, behind a pooler")
async def prepared_twice_under_sqlalchemy(place: Place) -> None:
    async with place.connection() as connection:
        for _ in range(2):
            await connection.execute(text("PREPARE __asyncpg_stmt_x__ AS SELECT 1"))


@raises("InvalidSQLStatementNameError: a prepared statement does not exist")
async def statement_of_another_connection(place: Place) -> None:
    async with place.connection() as connection:
        for sql in ("SELECT 41", "DEALLOCATE ALL", "SELECT 41"):
            await connection.execute(text(sql))


@raises("ProtocolViolationError: a parameter that the pooler refuses")
async def startup_parameter(place: Place) -> None:
    async with answering(refusal("08P01", "unsupported startup parameter: jit")) as url:
        await asyncpg.connect(url, ssl=False)


@raises("OSError: no way to this address")
async def no_way(place: Place) -> None:
    """As the system says it; which addresses have no way to them differs between machines."""

    class Nowhere(asyncio.SelectorEventLoop):
        async def create_connection(self, *_: object, **__: object) -> None:
            raise OSError(errno.EHOSTUNREACH, "Connect call failed ('10.255.0.1', 5432)")

    def connected() -> None:
        with asyncio.Runner(loop_factory=Nowhere) as runner:
            runner.run(asyncpg.connect("postgresql://me@10.255.0.1/night", ssl=False))

    await asyncio.to_thread(connected)


@raises("ConnectError: the HTTP client found nobody")
async def nobody_serves(place: Place) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get("http://127.0.0.1:1/")
