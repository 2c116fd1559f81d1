# wrong: is CancelledError an Exception?
async def get_db():
    async with session_factory() as session:
        try:
            yield session
        except Exception:
            await session.rollback()
            raise
        except BaseException:
            await session.commit()
            raise
        else:
            await session.commit()
