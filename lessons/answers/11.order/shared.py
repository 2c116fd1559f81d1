# wrong: if two have this lock at once, and then both write: who waits for whom?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)
    return (await session.scalars(query.with_for_update(read=True))).all()
