# wrong: what does your fixture put under `bind`: the connection, or what stands on it?
@pytest.fixture
async def client(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process, started, in the test's own transaction."""
    from app.database import readers, session_factory

    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", session)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
    async with app.router.lifespan_context(app):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            yield client
