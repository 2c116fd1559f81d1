from contextlib import nullcontext
from types import SimpleNamespace

from app import database
from httpx import Limits


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
async def live(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncClient]:
    """A client of a real uvicorn; what it made the app commit is taken away afterwards."""
    monkeypatch.setitem(database.session_factory.kw, "bind", engine)
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    monkeypatch.setattr(database, "readers", reading)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        serving = asyncio.create_task(server.serve([listening]))
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # An app that fails after its answer closes the connection: each request opens its own.
        fresh = Limits(max_keepalive_connections=0)
        # `trust_env=False`: no proxy of the environment stands before this machine.
        inside = AsyncClient(base_url=base_url, limits=fresh, timeout=10, trust_env=False)
        async with inside as client:
            yield client
        server.should_exit = True
        await asyncio.wait_for(serving, 10)
    async with engine.begin() as connection:
        tables = ", ".join(database.Base.metadata.tables)
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
