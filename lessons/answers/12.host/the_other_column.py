# wrong: which column has the index from above
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    query = select(Alert).where(Alert.host == host).order_by(Alert.id)
    return (await session.scalars(query)).all()
