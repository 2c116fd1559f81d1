# right: a path of JSON, with `@@`, can ask for more than an equal value; it needs `strict`, or a list of hosts matches too
import json
from collections.abc import Sequence

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def on_host(session: AsyncSession, host: str) -> Sequence[Alert]:
    """Return the alerts whose payload names this host, by id."""
    path = f"strict $.host == {json.dumps(host)}"
    query = select(Alert).where(Alert.payload.path_match(path)).order_by(Alert.id)
    return (await session.scalars(query)).all()
