# wrong: do you compare in the transaction that writes, or in one before it?
from app.schemas import ClaimIn
from sqlalchemy.orm.exc import StaleDataError


@router.post("/{incident_id}/claim", response_model=IncidentOut)
async def claim(incident_id: Id, by: ClaimIn) -> Incident:
    """Take an incident over from whoever has it, if it is still as the client saw it."""

    seen = _known(await read(lambda db: incidents.get(db, incident_id)), incident_id)
    if seen.version != by.version:
        raise HTTPException(409, CHANGED)

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await session.get(Incident, incident_id), incident_id)
        await _may_claim(session, incident, by.user_id)
        await incidents.acknowledge(session, incident, by.user_id)
        return incident

    try:
        return await transact(work)
    except StaleDataError as error:
        raise HTTPException(409, CHANGED) from error
