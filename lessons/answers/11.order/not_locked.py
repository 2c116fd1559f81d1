# wrong: which rows can somebody else still change
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)
    return (await session.scalars(query)).all()
