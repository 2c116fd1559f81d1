# wrong: which option of the session keeps attributes after a commit?
@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session."""
    async with AsyncSession(
        connection, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
