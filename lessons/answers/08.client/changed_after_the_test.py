# wrong: which of your lines run before the `yield`
from contextlib import AsyncExitStack

from app.database import readers, session_factory


@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
