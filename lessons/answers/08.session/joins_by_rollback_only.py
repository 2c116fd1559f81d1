# wrong: what does a rollback of the session undo in that mode
@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction for one test; it is undone, whatever the test did in it."""
    async with engine.connect() as connection:
        async with connection.begin() as outer:
            yield connection
            await outer.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session in the test's transaction; what it commits is a savepoint."""
    async with AsyncSession(
        connection, join_transaction_mode="rollback_only", expire_on_commit=False
    ) as session:
        yield session
