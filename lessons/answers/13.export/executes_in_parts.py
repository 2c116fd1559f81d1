# wrong: `async for row in await session.stream(…)`
import json
from collections.abc import AsyncIterator

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection


async def export(connection: AsyncConnection) -> AsyncIterator[str]:
    """Give each alert that this transaction sees as a line of JSON, by id."""
    query = select(Alert.id, Alert.payload).order_by(Alert.id)
    for row in await connection.execute(query, execution_options={"yield_per": 1_000}):
        yield json.dumps({"id": row.id, "payload": row.payload}) + "\n"
