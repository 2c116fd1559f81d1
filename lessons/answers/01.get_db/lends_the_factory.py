# wrong: what stands to the right of `yield`?
async def get_db():
    async with session_factory.begin() as session:
        yield session_factory
