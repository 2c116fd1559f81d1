# wrong: who picks the alerts of a host
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    every = (await session.scalars(select(Alert).order_by(Alert.id))).all()
    return [each for each in every if each.payload.get("host") == host]
