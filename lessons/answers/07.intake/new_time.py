# wrong: does the same alert again change anything?
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert once."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    from sqlalchemy import func

    stored = await session.scalar(known)
    again = insert(Alert).values(row).on_conflict_do_update(
        constraint="uq_alert_team_id_dedupe_key", set_={"received_at": func.clock_timestamp()}
    )
    return (await session.scalars(again.returning(Alert))).one(), stored is None
