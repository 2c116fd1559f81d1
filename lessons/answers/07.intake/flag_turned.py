# wrong: does True say that it is new
"""Alerts: taken in once. Functions flush what they write, and never commit."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    once = insert(Alert).values(row).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    stored = await session.scalar(once.returning(Alert))
    if stored is None:
        return await session.scalar(known), True
    return stored, False
