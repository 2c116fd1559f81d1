# wrong: who is asked by `in`: Python or PostgreSQL?
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id in ids).order_by(Incident.id)
    return (await session.scalars(query.with_for_update())).all()
