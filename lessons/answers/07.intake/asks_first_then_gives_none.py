# wrong: what does RETURNING give when another has stored the row since you asked?
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
    stored = await session.scalar(known)
    if stored is not None:
        return stored, False
    statement = (
        insert(Alert)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["team_id", "dedupe_key"])
        .returning(Alert)
    )
    stored = await session.scalar(statement)
    return stored, True
