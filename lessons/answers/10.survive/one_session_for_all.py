# wrong: which session is still of use after an attempt has failed?
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

    async with session_factory() as session:

        async def attempt() -> T:
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
