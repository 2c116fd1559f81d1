# wrong: which of the two questions does the index answer, and what sends the other?
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    query = select(Alert).where(Alert.payload["host"] == func.to_jsonb(cast(host, Text))).order_by(Alert.id)
    return (await session.scalars(query)).all()
