# right: the condition is written in SQL: it can say all that PostgreSQL knows, and the ORM does not help with its types
import json
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    contained = text("payload @> CAST(:value AS jsonb)").bindparams(value=json.dumps({"host": host}))
    return (await session.scalars(select(Alert).where(contained).order_by(Alert.id))).all()
