from collections.abc import Sequence

from fastapi import HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import transact
from app.models import Incident
from app.repositories import incidents, users
from app.schemas import IncidentOut, IncidentsIn

CHANGED = "Somebody has changed the incident since you saw it. Look at it again."


@router.put("/unresolved/resolutions", response_model=list[IncidentOut])
async def resolve_all(these: IncidentsIn) -> Sequence[Incident]:
    """Say that these incidents are over, all of them or none; one fire often has several."""

    async def work(session: AsyncSession) -> Sequence[Incident]:
        found = await incidents.get_all_to_change(session, these.ids)
        if missing := set(these.ids) - {each.id for each in found}:
            raise HTTPException(404, f"There is no incident {min(missing)}.")
        for incident in found:
            incident.status = "resolved"
        return found

    return await transact(work)


async def _may_claim(session: AsyncSession, incident: Incident, user_id: int) -> None:
    user = await users.get(session, user_id)
    if user is None:
        raise HTTPException(409, f"There is no user {user_id}.")
    if user.team_id != incident.team_id or incident.status == "resolved":
        raise HTTPException(409, "Only its own team takes an incident, while it is not resolved.")
