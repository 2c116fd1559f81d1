# right: everybody waits for everybody, in no circle: two who resolve different incidents wait, too
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    await session.execute(select(func.pg_advisory_xact_lock(11)))
    query = select(Incident).where(Incident.id.in_(ids)).with_for_update()
    return (await session.scalars(query)).all()
