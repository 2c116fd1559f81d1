# wrong: it raised TimeoutError
async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    pause = 0.05
    async with asyncio.timeout(settings.patience):
        while True:
            try:
                return await attempt()
            except DBAPIError as error:
                if not passes(error):
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1)


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory() as session:
            result = await work(session)
            await session.flush()
            try:
                await session.commit()
            except Exception as error:
                if answered(error):
                    await session.rollback()
                    raise
                raise CommitLost from error
            return result

    return await patiently(attempt)
