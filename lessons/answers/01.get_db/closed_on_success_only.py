# wrong: does the line that closes also run after an error?
async def get_db() -> AsyncIterator[AsyncSession]:
    """Lend a session for one unit of work: commit at its end, roll back on an error, close."""
    session = session_factory()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    await session.close()
