# wrong: where an error is caught within the unit of work, what is left of its transaction?
from app.schemas import ClaimIn
from sqlalchemy.orm.exc import StaleDataError


@router.post("/{incident_id}/claim", response_model=IncidentOut)
async def claim(incident_id: Id, by: ClaimIn) -> Incident:
    """Take an incident over from whoever has it, if it is still as the client saw it."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await session.get(Incident, incident_id), incident_id)
        if incident.version != by.version:
            raise HTTPException(409, CHANGED)
        await _may_claim(session, incident, by.user_id)
        try:
            await incidents.acknowledge(session, incident, by.user_id)
        except StaleDataError:
            await session.rollback()
        return incident

    return await transact(work)
