# wrong: by which column are they ordered, and which way?
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    query = select(Alert).where(Alert.payload.contains({"host": host})).order_by(Alert.id.desc())
    return (await session.scalars(query)).all()
