"""Alerts: taken in once, and found again. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Reader
from app.models import Alert
from app.schemas import AlertIn

Shown: TypeAlias = Row[int, int, str, datetime, int | None, dict[str, Any]]
SHOWN = select(
    Alert.id,
    Alert.team_id,
    Alert.dedupe_key,
    Alert.received_at,
    Alert.incident_id,
    Alert.payload,
)


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    if (stored := await session.scalar(known)) is not None:
        return stored, False
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    if (stored := await session.scalar(once.values(row).returning(Alert))) is not None:
        return stored, True
    return (await session.scalars(known)).one(), False


async def of_host(db: Reader, host: str, before: int | None, limit: int) -> Sequence[Shown]:
    """Return one page of what a host has sent, the newest first, from the first before this one."""
    query = SHOWN.where(Alert.host == host).order_by(Alert.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Alert.id < before)
    return (await db.execute(query)).all()


INCOMING = text("""
CREATE TEMPORARY TABLE incoming (
    line integer, team_id integer, dedupe_key text, title text, severity text, payload jsonb
) ON COMMIT DROP""")
STORE = text("""
INSERT INTO alert (team_id, dedupe_key, payload)
SELECT DISTINCT ON (dedupe_key) team_id, dedupe_key, payload FROM incoming
ORDER BY dedupe_key, line
ON CONFLICT ON CONSTRAINT uq_alert_team_id_dedupe_key DO NOTHING""")
