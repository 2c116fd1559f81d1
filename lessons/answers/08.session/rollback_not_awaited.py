# wrong: which call has no `await` before it?
@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction for one test; it is undone, whatever the test did in it."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session in the test's transaction; what it commits is a savepoint."""
    async with AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
