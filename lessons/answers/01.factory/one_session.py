# wrong: which part calls it?
session_factory = AsyncSession(engine, expire_on_commit=False)
