# wrong: does your commit also run when the block failed?
async def get_db():
    async with session_factory() as session:
        try:
            yield session
        finally:
            await session.commit()
