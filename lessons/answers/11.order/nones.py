# wrong: what is in your list for an id that no incident has?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    return [await get_to_change(session, each) for each in sorted(ids)]
