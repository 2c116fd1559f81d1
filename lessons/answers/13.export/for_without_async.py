# wrong: `for` cannot do that
import json
from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Alert


async def export(connection: AsyncConnection) -> AsyncIterator[str]:
    """Give each alert that this transaction sees as a line of JSON, by id."""
    query = select(Alert.id, Alert.payload).order_by(Alert.id)
    for row in await connection.stream(query):
        yield json.dumps({"id": row.id, "payload": row.payload}) + "\n"
