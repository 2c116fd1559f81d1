# right: the ids are locked in their order, and then the objects are read
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    locks = select(Incident.id).where(Incident.id.in_(ids)).order_by(Incident.id).with_for_update()
    there = (await session.scalars(locks)).all()
    return [await session.get_one(Incident, each) for each in there]
