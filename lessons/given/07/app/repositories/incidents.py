"""Incidents: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Acknowledgement, Alert, Incident, User
from app.schemas import AlertIn


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[Incident]:
    """Return one page of incidents by id, from the first after this one."""
    query = select(Incident).where(Incident.id > after).order_by(Incident.id).limit(limit)
    return (await session.scalars(query)).all()


async def unresolved(session: AsyncSession, before: int | None, limit: int) -> Sequence[Incident]:
    """Return one page of what is not resolved, the newest first, from the first before this one."""
    place = tuple_(Incident.opened_at, Incident.id)
    query = select(Incident).where(Incident.status != "resolved")
    if before is not None:
        last = select(Incident.opened_at, Incident.id).where(Incident.id == before)
        query = query.where(place < last.scalar_subquery())
    newest = query.order_by(Incident.opened_at.desc(), Incident.id.desc())
    return (await session.scalars(newest.limit(limit))).all()


async def get(session: AsyncSession, incident_id: int) -> Incident | None:
    """Return the incident with this id, or None."""
    return await session.get(Incident, incident_id)


async def get_to_change(session: AsyncSession, incident_id: int) -> Incident | None:
    """Return the incident with this id, locked: who asks next waits for this transaction."""
    lock = {"key_share": True}  # rows that refer to it need not wait
    return await session.get(Incident, incident_id, populate_existing=True, with_for_update=lock)


async def of_alert(session: AsyncSession, alert: Alert) -> Incident | None:
    """Return the incident that an alert has opened."""
    return await session.get(Incident, alert.incident_id or 0)


async def of_alert_to_change(session: AsyncSession, alert: Alert) -> Incident | None:
    """Return it as it is now, locked like the alert: two repetitions open one incident anew."""
    await session.refresh(alert, ["incident_id"], with_for_update={"key_share": True})
    return await get_to_change(session, alert.incident_id or 0)


async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open an incident for an alert, which then keeps what was sent last."""
    incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
    session.add(incident)
    await session.flush()
    alert.payload, alert.received_at = new.payload, incident.opened_at
    alert.incident_id = incident.id


async def acknowledgement(session: AsyncSession, incident_id: int) -> Acknowledgement | None:
    """Return who has taken the incident, or None."""
    query = select(Acknowledgement).where(Acknowledgement.incident_id == incident_id)
    return (await session.scalars(query)).one_or_none()


async def acknowledge(session: AsyncSession, incident: Incident, user: User) -> Acknowledgement:
    """Note who has taken the incident, in place of whoever had it before it was opened again."""
    incident.status = "acknowledged"
    taken = await acknowledgement(session, incident.id) or Acknowledgement(incident_id=incident.id)
    taken.user_id, taken.acknowledged_at = user.id, func.now()
    session.add(taken)
    await session.flush()
    return taken


async def taker(session: AsyncSession, incident_id: int) -> User | None:
    """Return whoever has taken the incident, or None."""
    query = select(User).join(Acknowledgement, Acknowledgement.user_id == User.id)
    return await session.scalar(query.where(Acknowledgement.incident_id == incident_id))


async def responders(session: AsyncSession, team_id: int) -> Sequence[User]:
    """Return everybody who can be paged for a team, by id."""
    query = select(User).where(User.team_id == team_id).order_by(User.id)
    return (await session.scalars(query)).all()
