# wrong: which part of the value that you assign is still the object that was read?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    payload = dict(alert.payload)
    payload.setdefault("tags", {})[name] = value
    alert.payload = payload
