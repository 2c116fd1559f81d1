# wrong: who chooses the order in which you lock?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    found = []
    for each in ids:
        incident = await session.get(Incident, each, with_for_update=True)
        found += [incident] if incident else []
    return found
