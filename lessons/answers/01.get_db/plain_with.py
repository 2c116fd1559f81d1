# wrong: It is opened with `async with`
async def get_db() -> AsyncIterator[AsyncSession]:
    with session_factory() as session:
        yield session
