"""Incidents: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ARRAY, Row, String, bindparam, func, literal_column, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app import rules
from app.database import Reader
from app.models import Acknowledgement, Alert, Incident
from app.schemas import AlertIn

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
ONE = SHOWN.where(Incident.id == bindparam("id"))
PAGE = SHOWN.where(Incident.id > bindparam("after")).order_by(Incident.id).limit(bindparam("limit"))
# A parameter would hide from the planner that the partial index has all of these rows.
OPEN = SHOWN.where(Incident.status != literal_column("'resolved'"))
NEWEST = OPEN.order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(bindparam("limit"))
LAST = select(Incident.opened_at, Incident.id).where(Incident.id == bindparam("before"))
OLDER = NEWEST.where(tuple_(Incident.opened_at, Incident.id) < LAST.scalar_subquery())


async def page(db: Reader, after: int, limit: int) -> Sequence[Shown]:
    """Return one page of incidents by id, from the first after this one."""
    return (await db.execute(PAGE, {"after": after, "limit": limit})).all()


async def unresolved(db: Reader, before: int | None, limit: int) -> Sequence[Shown]:
    """Return one page of what is not resolved, the newest first, from the first before this one."""
    query = NEWEST if before is None else OLDER
    return (await db.execute(query, {"before": before, "limit": limit})).all()


async def get(db: Reader, incident_id: int) -> Shown | None:
    """Return the incident with this id, or None."""
    return (await db.execute(ONE, {"id": incident_id})).one_or_none()


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
    alert.payload, alert.received_at = {**new.payload}, incident.opened_at
    alert.incident_id = incident.id


async def acknowledgement(session: AsyncSession, incident_id: int) -> Acknowledgement | None:
    """Return who has taken the incident, or None."""
    query = select(Acknowledgement).where(Acknowledgement.incident_id == incident_id)
    return (await session.scalars(query)).one_or_none()


async def acknowledge(session: AsyncSession, incident: Incident, user_id: int) -> Acknowledgement:
    """Note who has taken the incident, in place of whoever had it: a new version of it."""
    incident.status, incident.changed_at = "acknowledged", func.now()
    taken = await acknowledgement(session, incident.id) or Acknowledgement(incident_id=incident.id)
    taken.user_id, taken.acknowledged_at = user_id, func.now()
    session.add(taken)
    await session.flush()
    return taken


async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)
    return (await session.scalars(query.with_for_update())).all()


# A key is looked up for each line, with LIMIT 1: a join might read all alerts for some lines.
# So might an index for `incident_id IS NULL`, where many have none; there is none for coalesce.
KNOWN = """
SELECT id FROM alert WHERE team_id = one.team_id AND dedupe_key = one.dedupe_key LIMIT 1"""
# A foreign key is checked at the end of a statement: an alert may name what is inserted after it.
OPEN_NEW = text(f"""
WITH one AS (SELECT DISTINCT ON (dedupe_key) * FROM incoming ORDER BY dedupe_key, line),
new AS (
    UPDATE alert SET incident_id = nextval('incident_id_seq')
    WHERE id = ANY (ARRAY(SELECT ({KNOWN}) FROM one)) AND coalesce(incident_id, 0) = 0
    RETURNING dedupe_key, incident_id
)
INSERT INTO incident (id, title, severity, team_id)
SELECT incident_id, title, severity, team_id FROM new JOIN one USING (dedupe_key)""")
CHANGED = text(f"""
SELECT line FROM incoming AS one
CROSS JOIN LATERAL (SELECT incident_id FROM alert WHERE id = ({KNOWN}) LIMIT 1) AS alert
CROSS JOIN LATERAL (
    SELECT status, severity FROM incident WHERE id = alert.incident_id LIMIT 1
) AS now
WHERE now.status = 'resolved'
OR array_position(:severities, one.severity) > array_position(:severities, now.severity)
ORDER BY line""").bindparams(bindparam("severities", [*rules.SEVERITIES], ARRAY(String)))


async def open_new(session: AsyncSession) -> None:
    """Open an incident for each alert of the table `incoming` that has none."""
    await session.execute(OPEN_NEW)


async def changed(session: AsyncSession) -> Sequence[int]:
    """Return which lines of `incoming` are more than repetitions of what is known."""
    return (await session.scalars(CHANGED)).all()
