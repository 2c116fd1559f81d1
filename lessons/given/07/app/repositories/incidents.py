"""Incidents: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Acknowledgement, Incident, User
from app.schemas import AlertIn


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[Incident]:
    """Return one page of incidents by id, from the first after this one."""
    query = select(Incident).where(Incident.id > after).order_by(Incident.id).limit(limit)
    return (await session.scalars(query)).all()


async def get(session: AsyncSession, incident_id: int) -> Incident | None:
    """Return the incident with this id, or None."""
    return await session.get(Incident, incident_id)


async def get_to_change(session: AsyncSession, incident_id: int) -> Incident | None:
    """Return the incident with this id, locked: who asks next waits for this transaction."""
    return await session.get(Incident, incident_id, with_for_update=True)


async def open_for(session: AsyncSession, alert: AlertIn) -> Incident:
    """Open an incident for an alert."""
    incident = Incident(title=alert.title, severity=alert.severity, team_id=alert.team_id)
    session.add(incident)
    await session.flush()
    return incident


async def acknowledge(session: AsyncSession, incident: Incident, user: User) -> Acknowledgement:
    """Note who has taken the incident."""
    incident.status = "acknowledged"
    taken = Acknowledgement(incident_id=incident.id, user_id=user.id)
    session.add(taken)
    await session.flush()
    return taken


async def responders(session: AsyncSession, team_id: int) -> Sequence[User]:
    """Return everybody who can be paged for a team, by id."""
    query = select(User).where(User.team_id == team_id).order_by(User.id)
    return (await session.scalars(query)).all()
