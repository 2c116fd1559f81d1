# wrong: which block above your `yield`, or which `return`, ends it before the test runs?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    async with app.router.lifespan_context(app):
        pass
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
