"""Incidents over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import rules
from app.database import T, read, transact
from app.models import Acknowledgement
from app.repositories import incidents, users
from app.schemas import (
    AcknowledgementIn,
    AcknowledgementOut,
    After,
    Id,
    IncidentOut,
    Limit,
    UserOut,
)

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("", response_model=list[IncidentOut])
async def list_incidents(after: After = 0, limit: Limit = 50) -> Sequence[incidents.Shown]:
    """Show one page of incidents by id, from the first after this one."""
    return await read(lambda db: incidents.page(db, after, limit))


@router.get("/{incident_id}", response_model=IncidentOut)
async def get_incident(incident_id: Id) -> incidents.Shown:
    """Show one incident."""
    found = await read(lambda db: incidents.get(db, incident_id))
    return _known(found, incident_id)


@router.get("/{incident_id}/responder", response_model=UserOut)
async def get_responder(incident_id: Id) -> users.Shown:
    """Show who is paged for an incident now."""

    async def work(db: AsyncConnection) -> users.Shown:
        incident = _known(await incidents.get(db, incident_id), incident_id)
        people = await users.of_team(db, incident.team_id)
        waiting = datetime.now(UTC) - incident.opened_at
        responder = rules.next_to_page(people, waiting)
        if responder is None:
            raise HTTPException(404, f"Nobody is in the team of incident {incident_id}.")
        return responder

    return await read(work)


@router.post("/{incident_id}/acknowledgements", response_model=AcknowledgementOut, status_code=201)
async def acknowledge(incident_id: Id, by: AcknowledgementIn) -> Acknowledgement:
    """Take an incident, so that nobody else is paged for it."""

    async def work(session: AsyncSession) -> Acknowledgement:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        user = await users.get(session, by.user_id)
        if user is None:
            raise HTTPException(404, f"There is no user {by.user_id}.")
        if reason := rules.refusal(incident.status, incident.team_id, user.team_id):
            raise HTTPException(409, reason)
        return await incidents.acknowledge(session, incident, user.id)

    return await transact(work)


def _known(incident: T | None, incident_id: int) -> T:
    if incident is None:
        raise HTTPException(404, f"There is no incident {incident_id}.")
    return incident
