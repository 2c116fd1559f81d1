# wrong: 'function' object has no attribute 'begin'
session_factory = lambda: AsyncSession(engine, expire_on_commit=False)
