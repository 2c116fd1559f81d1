# wrong: when a `return` in `finally` ends the function?
async def get_db() -> AsyncIterator[AsyncSession]:
    """Lend a session for one unit of work: commit at its end, roll back on an error, close."""
    session = session_factory()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    finally:
        await session.close()
        return
