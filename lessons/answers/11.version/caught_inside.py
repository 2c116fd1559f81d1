# wrong: out of which call does this error come, and does your `try` stand around it?
from app.schemas import ClaimIn
from sqlalchemy.orm.exc import StaleDataError


@router.post("/{incident_id}/claim", response_model=IncidentOut)
async def claim(incident_id: Id, by: ClaimIn) -> Incident:
    """Take an incident over from whoever has it, if it is still as the client saw it."""

    async def work(session: AsyncSession) -> Incident:
        try:
            incident = _known(await session.get(Incident, incident_id), incident_id)
            if incident.version != by.version:
                raise HTTPException(409, CHANGED)
        except StaleDataError as error:
            raise HTTPException(409, CHANGED) from error
        await _may_claim(session, incident, by.user_id)
        await incidents.acknowledge(session, incident, by.user_id)
        return incident

    return await transact(work)
