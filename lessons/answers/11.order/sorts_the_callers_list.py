# wrong: whose list is it?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    ids.sort()
    found = [await get_to_change(session, each) for each in ids]
    return [each for each in found if each is not None]
