"""Alerts: taken in once. Functions flush what they write, and never commit."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    if (stored := await session.scalar(known)) is not None:
        return stored, False
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    if (stored := await session.scalar(once.values(row).returning(Alert))) is not None:
        return stored, True
    return (await session.scalars(known)).one(), False
