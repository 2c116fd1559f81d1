# wrong: on_host(session, 'db-"9"')
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    condition = text(f"""payload @> '{{"host": "{host}"}}'""")
    query = select(Alert).where(condition).order_by(Alert.id)
    return (await session.scalars(query)).all()
