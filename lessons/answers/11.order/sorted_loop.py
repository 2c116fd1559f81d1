# right: sorted before the loop, the greatest first: any order will do, and each id is a statement of its own
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    found = [await get_to_change(session, each) for each in sorted(set(ids), reverse=True)]
    return [each for each in found if each is not None]
