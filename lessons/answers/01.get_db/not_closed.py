# wrong: who closes the session, on success, on error and on cancellation?
async def get_db():
    session = session_factory()
    keep.append(session)
    try:
        yield session
        await session.flush()
        connection = await session.connection()
        await connection.exec_driver_sql("COMMIT")
    except BaseException:
        await session.rollback()
        raise


keep = []
