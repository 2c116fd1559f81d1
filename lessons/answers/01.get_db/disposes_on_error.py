# wrong: who has to open a connection when the next request comes?
async def get_db():
    async with session_factory() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            await engine.dispose()
            raise
