# wrong: which name does `transact` read, and whose name did you change?
from contextlib import AsyncExitStack

from app.database import readers, session_factory


@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    session_factory = async_sessionmaker(connection, join_transaction_mode="create_savepoint")
    readers = async_sessionmaker(connection, join_transaction_mode="create_savepoint")
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
