# wrong: which error does the caller wait for, and which line puts another in its place?
async def get_db():
    async with session_factory() as session:
        try:
            yield session
            await session.commit()
        except Exception as e:
            raise RuntimeError("failed") from e
