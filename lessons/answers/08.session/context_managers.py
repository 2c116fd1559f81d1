# right: the transaction has a `with` of its own, and is rolled back before that `with` ends
from sqlalchemy.ext.asyncio import async_sessionmaker


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection."""
    async with engine.connect() as connection, connection.begin() as outer:
        yield connection
        await outer.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session."""
    sessions = async_sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    session = sessions()
    yield session
    await session.close()
