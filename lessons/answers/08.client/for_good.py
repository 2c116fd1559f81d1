# wrong: who puts back what you changed?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process."""
    for factory in (session_factory, readers):
        factory.kw.update(dict([("bind", connection)]))
        factory.kw.update(dict([("join_transaction_mode", "create_savepoint")]))
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
