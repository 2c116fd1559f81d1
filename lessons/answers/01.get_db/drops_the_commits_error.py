# wrong: when the commit's own error is dropped?
async def get_db():
    async with session_factory() as session:
        yield session
        try:
            await session.commit()
        except Exception:
            await session.rollback()
