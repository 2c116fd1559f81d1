# wrong: are two spellings of a name one host?
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    query = select(Alert).where(Alert.payload["host"].astext.ilike(host)).order_by(Alert.id)
    return (await session.scalars(query)).all()
