# right: Python sorts the rows: that is as good for a few of them, and of no use once there is a LIMIT
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    query = select(Alert).where(Alert.payload.contains({"host": host}))
    return sorted(await session.scalars(query), key=lambda each: each.id)
