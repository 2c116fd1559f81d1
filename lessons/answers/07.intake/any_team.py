# wrong: what is the same alert: one of this team, of this key, or of both?
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
    same = select(Alert).filter_by(dedupe_key=new.dedupe_key)
    if (stored := await session.scalar(same)) is not None:
        return stored, False
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    stored = await session.scalar(once.values(row).returning(Alert))
    if stored is not None:
        return stored, True
    return (await session.scalars(known)).one(), False
