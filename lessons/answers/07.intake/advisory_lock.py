# right: a lock for the key, then question and insert
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
    from sqlalchemy import text
    await session.execute(text('SELECT pg_advisory_xact_lock(hashtext(:k))'), {'k': new.dedupe_key})
    if found := await session.scalar(known):
        return found, False
    session.add(a := Alert(**row))
    await session.flush()
    return a, True
