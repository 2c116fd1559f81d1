"""Incidents over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Response
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from app import rules
from app.database import T, read, transact
from app.models import Acknowledgement, Incident
from app.repositories import incidents, users
from app.schemas import (
    AcknowledgementIn,
    AcknowledgementOut,
    ClaimIn,
    Id,
    IncidentOut,
    IncidentsIn,
    NewestQuery,
    PageQuery,
    UserOut,
)

router = APIRouter(prefix="/incidents", tags=["incidents"])
Taker = Annotated[AcknowledgementIn, Body(examples=[{"user_id": 1}])]


@router.get("", response_model=list[IncidentOut])
async def list_incidents(page: PageQuery) -> Sequence[incidents.Shown]:
    """Show one page of incidents by id, from the first after this one."""
    return await read(lambda db: incidents.page(db, page.after, page.limit))


@router.get("/unresolved", response_model=list[IncidentOut])
async def list_unresolved(page: NewestQuery) -> Sequence[incidents.Shown]:
    """Show one page of what is not resolved, the newest first, from the first before this one."""
    return await read(lambda db: incidents.unresolved(db, page.before, page.limit))


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
        taker = await users.taker(db, incident_id)
        waiting = datetime.now(UTC) - incident.opened_at
        responder = rules.to_page(incident.status, taker, people, waiting)
        if responder is None:
            raise HTTPException(404, f"Nobody is paged for incident {incident_id} now.")
        return responder

    return await read(work)


@router.post(
    "/{incident_id}/acknowledgements",
    response_model=AcknowledgementOut,
    status_code=201,
    responses={200: {"model": AcknowledgementOut}},
)
async def acknowledge(incident_id: Id, by: Taker, response: Response) -> Acknowledgement:
    """Take an incident, so that nobody else is paged for it; 200 for whoever has it already."""

    async def work(session: AsyncSession) -> tuple[Acknowledgement, int]:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        user = await users.get(session, by.user_id)
        if user is None:
            raise HTTPException(409, f"There is no user {by.user_id}.")
        taken = await incidents.acknowledgement(session, incident_id)
        if taken and taken.user_id == user.id and incident.status == "acknowledged":
            return taken, 200
        if reason := rules.refusal(incident.status, incident.team_id, user.team_id):
            raise HTTPException(409, reason)
        return await incidents.acknowledge(session, incident, user.id), 201

    taken, response.status_code = await transact(work)
    return taken


@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    return await transact(work)


def _known(incident: T | None, incident_id: int) -> T:
    if incident is None:
        raise HTTPException(404, f"There is no incident {incident_id}.")
    return incident


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
    except StaleDataError as error:
        raise HTTPException(409, CHANGED) from error
