# wrong: what does `.update(…)` give back: the dict, or nothing?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    alert.payload = {**alert.payload, "tags": dict(alert.payload.get("tags", {})).update({name: value})}
