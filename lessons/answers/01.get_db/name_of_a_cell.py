# wrong: What a cell of the notebook has made, a file does not know.
async def get_db():
    async with sessions.begin() as session:
        yield session
