# wrong: `AsyncSession.commit`, called in app/database.py
async def get_db() -> AsyncIterator[AsyncSession]:
    async with session_factory() as session:
        yield session
        session.commit()
