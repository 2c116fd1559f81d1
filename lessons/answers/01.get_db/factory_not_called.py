# wrong: which nobody has called
async def get_db() -> AsyncIterator[AsyncSession]:
    async with session_factory as session:
        yield session
