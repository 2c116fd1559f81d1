# wrong: does the block of `begin()` still hold the session while the caller works?
async def get_db():
    async with session_factory.begin() as session:
        pass
    yield session
