# right: `configure` changes the factories, and the last lines put back what they had; the end of the `AsyncExitStack` closes the client, and then the lifespan
from contextlib import AsyncExitStack


@pytest.fixture
async def client(connection: AsyncConnection) -> AsyncIterator[AsyncClient]:
    """The app in this process."""
    factories = (session_factory, readers)
    before = [dict(factory.kw) for factory in factories]
    for factory in factories:
        factory.configure(bind=connection, join_transaction_mode="create_savepoint")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        transport = ASGITransport(app)
        yield await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://t"))
    for factory, kept in zip(factories, before, strict=True):
        factory.kw.clear()
        factory.kw.update(kept)
