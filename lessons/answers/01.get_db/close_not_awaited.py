# wrong: which call has no `await` before it?
async def get_db():
    session = session_factory()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    finally:
        session.close()
