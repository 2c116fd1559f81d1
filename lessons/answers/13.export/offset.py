# wrong: what does the last one cost
import json
from collections.abc import AsyncIterator

from app.models import Alert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection


async def export(connection: AsyncConnection) -> AsyncIterator[str]:
    """Give each alert that this transaction sees as a line of JSON, by id."""
    query = select(Alert.id, Alert.payload).order_by(Alert.id)
    start = 0
    while rows := (await connection.execute(query.offset(start).limit(1_000))).all():
        for row in rows:
            yield json.dumps({"id": row.id, "payload": row.payload}) + "\n"
        start += len(rows)
