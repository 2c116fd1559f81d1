# wrong: has no attribute 'bind'
@pytest.fixture
async def client(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    for factory in (session_factory, readers):
        monkeypatch.setattr(factory, "bind", connection)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as client,
    ):
        yield client
