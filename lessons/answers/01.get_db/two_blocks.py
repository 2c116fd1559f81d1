# right: `begin()` of the session, not of the factory
async def get_db() -> AsyncIterator[AsyncSession]:
    async with session_factory() as session, session.begin():
        yield session
