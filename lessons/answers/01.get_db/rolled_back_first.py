# wrong: which of your lines runs first when the work ended well
async def get_db() -> AsyncIterator[AsyncSession]:
    async with session_factory() as session:
        try:
            yield session
        finally:
            await session.rollback()
        await session.commit()
