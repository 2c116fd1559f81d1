# right: an update that changes nothing returns the row, and its `xmax` is 0 where the row is new (PostgreSQL keeps in that column of every row who was the last to change or lock it)
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
    from sqlalchemy import text

    again = insert(Alert).values(row)
    again = again.on_conflict_do_update(
        constraint="uq_alert_team_id_dedupe_key", set_={"team_id": again.excluded.team_id}
    )
    stored, is_new = (await session.execute(again.returning(Alert, text("xmax = 0")))).one()
    return stored, is_new
