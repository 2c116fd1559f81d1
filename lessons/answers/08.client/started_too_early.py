# wrong: what can an app that starts do with its database, and on which connection?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    async with app.router.lifespan_context(app):
        for factory in (session_factory, readers):
            monkeypatch.setitem(factory.kw, "bind", connection)
            monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            yield client
