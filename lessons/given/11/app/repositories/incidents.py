from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Acknowledgement, Incident

Shown: TypeAlias = Row[int, str, str, str, datetime, int, int]
SHOWN = select(
    Incident.id,
    Incident.title,
    Incident.severity,
    Incident.status,
    Incident.opened_at,
    Incident.team_id,
    Incident.version,
)


async def acknowledge(session: AsyncSession, incident: Incident, user_id: int) -> Acknowledgement:
    """Note who has taken the incident, in place of whoever had it: a new version of it."""
    incident.status, incident.changed_at = "acknowledged", func.now()
    taken = await acknowledgement(session, incident.id) or Acknowledgement(incident_id=incident.id)
    taken.user_id, taken.acknowledged_at = user_id, func.now()
    session.add(taken)
    await session.flush()
    return taken
