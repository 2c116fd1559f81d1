# right: each pause is made a little longer or shorter by chance, and a name, `sent`, tells whether COMMIT was sent, in place of an inner `try`
import logging
import random


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    deadline, tries = monotonic() + settings.patience, 0
    while True:
        tries += 1
        try:
            return await attempt()
        except Exception as error:
            left = deadline - monotonic()
            if left <= 0 or not passes(error):
                raise
            logging.getLogger("nightwatch").warning("again: %s", error)
            pause = min(0.04 * 2**tries, 1) * random.uniform(0.9, 1.1)
            await asyncio.sleep(min(pause, left))


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        session, sent = session_factory(), False
        try:
            result = await work(session)
            await session.flush()
            sent = True
            await session.commit()
        except Exception as error:
            if not sent or answered(error):
                await session.rollback()
                raise
            raise CommitLost from error
        finally:
            await session.close()
        return result

    return await patiently(attempt)
