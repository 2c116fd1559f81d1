# wrong: whose commit is it, and what ends with it?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)
    found = (await session.scalars(query.with_for_update())).all()
    await session.commit()
    return found
