# wrong: what does the session of a failed attempt hold, and who ends it?
async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    give_up, pause = monotonic() + settings.patience, 0.05
    while True:
        try:
            return await attempt()
        except DBAPIError as error:
            if not passes(error) or monotonic() + pause > give_up:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, 1)


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        session = session_factory()
        result = await work(session)
        await session.flush()
        try:
            await session.commit()
        except DBAPIError as error:
            if not answered(error):
                raise CommitLost from error
            raise
        await session.close()
        return result

    return await patiently(attempt)
