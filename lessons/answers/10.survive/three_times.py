# wrong: what ends the attempts: their number, or the time since the first one?
async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    for pause in (0.05, 0.1, 0.2):
        try:
            return await attempt()
        except DBAPIError as error:
            if not passes(error):
                raise
        await asyncio.sleep(pause)
    return await attempt()


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
                    raise
                raise CommitLost from error
            return result

    return await patiently(attempt)
