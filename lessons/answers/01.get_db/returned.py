# wrong: the difference between `return` and `yield`
async def get_db():
    async with session_factory.begin() as session:
        return session
