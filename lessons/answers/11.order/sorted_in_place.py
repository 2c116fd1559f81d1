# wrong: changes its list, and gives back None
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    found = [await get_to_change(session, each) for each in ids.sort()]
    return [each for each in found if each is not None]
