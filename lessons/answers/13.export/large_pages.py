# right: pages of fifty thousand, of which a thousand come at a time; only a full one has another one behind it
import json
from collections.abc import AsyncIterator

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection


async def export(connection: AsyncConnection, last: int = 0) -> AsyncIterator[str]:
    """Give each alert that this transaction sees as a line of JSON, by id."""
    query, count = select(Alert.id, Alert.payload).order_by(Alert.id), 0
    query = query.where(Alert.id > last).limit(50_000)
    async for row in await connection.stream(query.execution_options(yield_per=1_000)):
        last, count = row.id, count + 1
        yield json.dumps({"id": row.id, "payload": row.payload}) + "\n"
    if count == 50_000:
        async for line in export(connection, last):
            yield line
