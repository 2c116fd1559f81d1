# wrong: a payload that has no 'tags' yet
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    alert.payload = {**alert.payload, "tags": {**alert.payload["tags"], name: value}}
