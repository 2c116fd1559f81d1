# right: one new factory stands in the place of both, for one test; `app.database` finds it by name, and whoever imported the old ones keeps those
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    import app.database as database
    from sqlalchemy.ext.asyncio import async_sessionmaker

    joined = async_sessionmaker(
        connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    )
    monkeypatch.setattr(database, "session_factory", joined)
    monkeypatch.setattr("app.database.readers", joined)
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
