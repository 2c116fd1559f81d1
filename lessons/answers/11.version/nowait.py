# wrong: wait, raise, or skip?
from app.schemas import ClaimIn
from sqlalchemy.orm.exc import StaleDataError


@router.post("/{incident_id}/claim", response_model=IncidentOut)
async def claim(incident_id: Id, by: ClaimIn) -> Incident:
    """Take an incident over from whoever has it, if it is still as the client saw it."""

    async def work(session: AsyncSession) -> Incident:
        incident = await session.get(Incident, incident_id, with_for_update={"nowait": True})
        incident = _known(incident, incident_id)
        if incident.version != by.version:
            raise HTTPException(409, CHANGED)
        await _may_claim(session, incident, by.user_id)
        await incidents.acknowledge(session, incident, by.user_id)
        return incident

    try:
        return await transact(work)
    except StaleDataError:
        raise HTTPException(409, CHANGED)
