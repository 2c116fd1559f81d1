# wrong: which statement makes a row real, and who sends it?
async def get_db():
    async with session_factory() as session:
        yield session
