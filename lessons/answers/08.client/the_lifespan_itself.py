# right: the lifespan of the app is called by its name, as it stands in `app/main.py`, and not taken from the router
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    from app.main import lifespan

    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with lifespan(app), inside as client:
        yield client
