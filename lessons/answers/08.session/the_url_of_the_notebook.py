# wrong: which engine leads to the database of the tests, and how does a fixture ask for it?
@pytest.fixture
async def connection() -> AsyncIterator[AsyncConnection]:
    """One transaction for one test; it is undone, whatever the test did in it."""
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()
    await engine.dispose()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session in the test's transaction; what it commits is a savepoint."""
    async with AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
