# wrong: what ends with an error, where a reader has no savepoint of its own?
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    monkeypatch.setitem(session_factory.kw, "bind", connection)
    monkeypatch.setitem(session_factory.kw, "join_transaction_mode", "create_savepoint")
    monkeypatch.setitem(readers.kw, "bind", connection)

    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
