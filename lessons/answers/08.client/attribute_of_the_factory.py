# wrong: whose connection does `transact` use?
from app.database import readers, session_factory
from app.main import app


@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    for factory in (session_factory, readers):
        monkeypatch.setattr(factory, "bind", connection, raising=False)
        monkeypatch.setattr(factory, "join_transaction_mode", "create_savepoint", raising=False)
    async with app.router.lifespan_context(app):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            yield client
