# wrong: of which type is the payload now?
import json

from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    tags = alert.payload.get("tags", {})
    alert.payload = json.dumps({**alert.payload, "tags": {**tags, name: value}})
