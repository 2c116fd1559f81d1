# right: the payload is changed in place, and flagged: nothing is copied, and whoever changes the payload has to remember that line
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    alert = await session.get_one(Alert, alert_id)
    alert.payload.setdefault("tags", {})[name] = value
    flag_modified(alert, "payload")
