# wrong: say there what comes of it: leave it out
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    found = [await get_to_change(session, each) for each in ids]
    return sorted(found, key=lambda each: each.id)
