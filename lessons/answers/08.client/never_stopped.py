# wrong: what has to surround the `yield`?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process."""
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    await app.router.lifespan_context(app).__aenter__()
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
