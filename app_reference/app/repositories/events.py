"""Events: what monitors have sent. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.cursor import Place
from app.database import Base, Reader
from app.models import Event
from app.schemas import AlertIn

Shown: TypeAlias = Row[datetime, int, int, str, str, str, dict[str, Any]]
TABLE = Base.metadata.tables[Event.__tablename__]
SHOWN = select(
    Event.received_at,
    Event.id,
    Event.team_id,
    Event.dedupe_key,
    Event.title,
    Event.severity,
    Event.payload,
)
NEWEST = SHOWN.order_by(Event.received_at.desc(), Event.id.desc())
ADD_ALL = text("""
INSERT INTO event (team_id, dedupe_key, title, severity, payload)
SELECT team_id, dedupe_key, title, severity, payload FROM incoming ORDER BY line""")


async def add(session: AsyncSession, new: AlertIn) -> None:
    """Keep what a monitor has sent."""
    await session.execute(insert(TABLE).inline(), new.model_dump())


async def add_all(session: AsyncSession) -> None:
    """Keep every line of the table `incoming`."""
    await session.execute(ADD_ALL)


async def page(
    db: Reader, before: Place | None, dedupe_key: str | None, limit: int
) -> Sequence[Shown]:
    """Return one page of a team's events, or of an alert's, the newest first."""
    query = NEWEST.limit(limit)
    if before is None:
        query = query.where(Event.received_at <= func.now())
    else:  # the first condition leaves out months; the second alone would look into each of them
        at = Event.received_at <= before[0]
        query = query.where(at, tuple_(Event.received_at, Event.id) < before)
    if dedupe_key is not None:
        query = query.where(Event.dedupe_key == dedupe_key)
    return (await db.execute(query)).all()
