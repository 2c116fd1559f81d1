# wrong: which line closes the session?
async def get_db() -> AsyncIterator[AsyncSession]:
    """Lend a session for one unit of work: commit at its end, roll back on an error, close."""
    session = session_factory()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
