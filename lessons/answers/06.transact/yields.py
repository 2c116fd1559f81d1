# wrong: what does `yield` make of an `async def`
async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""
    async with session_factory.begin() as session:
        yield await work(session)
