# wrong: ValueError: unknown url type: '/teams'
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    inside = AsyncClient(transport=ASGITransport(app))
    async with app.router.lifespan_context(app), inside as client:
        yield client
