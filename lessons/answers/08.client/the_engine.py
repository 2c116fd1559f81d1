# wrong: what does the app's commit end?
@pytest.fixture
async def client(
    engine: AsyncEngine, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The app in this process."""
    for factory in (session_factory, readers):
        monkeypatch.setitem(factory.kw, "bind", engine)
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        yield client
