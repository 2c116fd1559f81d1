# wrong: what happens when two requests share one unit of work?
_session = session_factory()


async def get_db():
    try:
        yield _session
        await _session.commit()
    except BaseException:
        await _session.rollback()
        raise
