# wrong: when does your commit run
async def get_db() -> AsyncIterator[AsyncSession]:
    async with session_factory() as session:
        try:
            await session.commit()
            yield session
        except BaseException:
            await session.rollback()
            raise
