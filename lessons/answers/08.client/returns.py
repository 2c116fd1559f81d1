# wrong: which block above your `yield`, or which `return`, ends it before the test runs?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        return client
