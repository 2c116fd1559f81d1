# wrong: this is one session: what makes a new one for each call
session_factory = AsyncSession(engine, expire_on_commit=False)
