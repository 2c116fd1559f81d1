# wrong: which call gives rows, and which gives the first value of each?
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    once = insert(Alert).values(row).on_conflict_do_nothing()
    stored = (await session.execute(once.returning(Alert))).first()
    if stored is not None:
        return stored, True
    return (await session.execute(known)).one(), False
