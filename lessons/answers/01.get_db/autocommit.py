# wrong: who says when the work is complete?
async def get_db():
    async with session_factory(bind=engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
        yield session
