"""Incidents: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Reader
from app.models import Acknowledgement, Incident
from app.schemas import AlertIn

Shown: TypeAlias = Row[int, str, str, str, datetime, int]
SHOWN = select(
    Incident.id,
    Incident.title,
    Incident.severity,
    Incident.status,
    Incident.opened_at,
    Incident.team_id,
)
ONE = SHOWN.where(Incident.id == bindparam("id"))
PAGE = SHOWN.where(Incident.id > bindparam("after")).order_by(Incident.id).limit(bindparam("limit"))


async def page(db: Reader, after: int, limit: int) -> Sequence[Shown]:
    """Return one page of incidents by id, from the first after this one."""
    return (await db.execute(PAGE, {"after": after, "limit": limit})).all()


async def get(db: Reader, incident_id: int) -> Shown | None:
    """Return the incident with this id, or None."""
    return (await db.execute(ONE, {"id": incident_id})).one_or_none()


async def get_to_change(session: AsyncSession, incident_id: int) -> Incident | None:
    """Return the incident with this id, locked: who asks next waits for this transaction."""
    return await session.get(Incident, incident_id, with_for_update=True)


async def open_for(session: AsyncSession, alert: AlertIn) -> Incident:
    """Open an incident for an alert."""
    incident = Incident(title=alert.title, severity=alert.severity, team_id=alert.team_id)
    session.add(incident)
    await session.flush()
    return incident


async def acknowledge(session: AsyncSession, incident: Incident, user_id: int) -> Acknowledgement:
    """Note who has taken the incident."""
    incident.status = "acknowledged"
    taken = Acknowledgement(incident_id=incident.id, user_id=user_id)
    session.add(taken)
    await session.flush()
    return taken
