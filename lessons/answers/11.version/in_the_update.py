# right: an UPDATE with the version in its condition: no moment lies between comparing and writing, and the row is written twice
from app.schemas import ClaimIn
from sqlalchemy.orm.exc import StaleDataError


@router.post("/{incident_id}/claim", response_model=IncidentOut)
async def claim(incident_id: Id, by: ClaimIn) -> Incident:
    """Take an incident over from whoever has it, if it is still as the client saw it."""

    async def work(session: AsyncSession) -> Incident:
        here = Incident.__table__
        same = (here.c.id == incident_id, here.c.version == by.version)
        found = await session.execute(here.update().where(*same).values(changed_at=None))
        incident = _known(await session.get(Incident, incident_id), incident_id)
        if not found.rowcount:
            raise HTTPException(409, CHANGED)
        await _may_claim(session, incident, by.user_id)
        await incidents.acknowledge(session, incident, by.user_id)
        return incident

    return await transact(work)
