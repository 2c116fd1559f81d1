# wrong: which attribute does your code assign, and which objects does it only change?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    alert.payload.setdefault("tags", {})[name] = value
