# wrong: which line of yours comes between that error and the caller?
"""Alerts: taken in once. Functions flush what they write, and never commit."""

from sqlalchemy import func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)

    stored = Alert(**row)
    try:
        async with session.begin_nested():
            session.add(stored)
    except IntegrityError as error:
        if error.driver_exception.constraint_name != "uq_alert_team_id_dedupe_key":
            raise LookupError("no such team") from error
        return (await session.scalars(known)).one(), False
    return stored, True
