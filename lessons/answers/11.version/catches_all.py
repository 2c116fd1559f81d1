# wrong: which errors does your `except` catch: that of a late UPDATE alone, or others too?
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
        await incidents.acknowledge(session, incident, by.user_id)
        return incident

    try:
        return await transact(work)
    except Exception:
        raise HTTPException(409, CHANGED)
