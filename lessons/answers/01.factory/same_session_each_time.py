# wrong: what happens when two requests share one unit of work?
_only = AsyncSession(engine, expire_on_commit=False)


def session_factory() -> AsyncSession:
    return _only
