# wrong: by a flush that failed, which rolls back
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
    stored = await session.scalar(known)
    if stored is not None:
        return stored, False
    try:
        session.add(stored := Alert(**row))
        await session.flush()
    except IntegrityError as error:
        if error.driver_exception.sqlstate != "23505":
            raise
        return (await session.scalars(known)).one(), False
    return stored, True
