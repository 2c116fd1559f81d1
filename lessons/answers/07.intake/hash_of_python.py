# wrong: is `hash()` of the same text the same number in every process?
"""Alerts: taken in once. Functions flush what they write, and never commit."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    await session.execute(select(func.pg_advisory_xact_lock(hash((new.team_id, new.dedupe_key)))))
    stored = await session.scalar(known)
    if stored is not None:
        return stored, False
    session.add(stored := Alert(**row))
    await session.flush()
    return stored, True
