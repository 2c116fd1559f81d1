# wrong: a list, or a tuple?
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
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    stored = await session.scalar(once.values(row).returning(Alert))
    return [stored or (await session.scalars(known)).one(), stored is not None]
