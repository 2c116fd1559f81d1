# right: a deep copy is changed: nothing can be forgotten, and all of the payload is copied for one tag
from copy import deepcopy

from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    payload = deepcopy(alert.payload)
    payload.setdefault("tags", {})[name] = value
    alert.payload = payload
