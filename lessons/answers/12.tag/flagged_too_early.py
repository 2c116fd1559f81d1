# wrong: when is what you flagged sent
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    flag_modified(alert, "payload")
    await session.flush()
    alert.payload.setdefault("tags", {})[name] = value
