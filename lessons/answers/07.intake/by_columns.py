# right: the conflict by its columns: it holds as long as some unique constraint has just these, whatever its name is
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
    once = (
        insert(Alert)
        .values(row)
        .on_conflict_do_nothing(index_elements=["team_id", "dedupe_key"])
        .returning(Alert.id)
    )
    new_id = await session.scalar(once)
    stored = await session.scalar(known)
    assert stored is not None
    return stored, new_id is not None
