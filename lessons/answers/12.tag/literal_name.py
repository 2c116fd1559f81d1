# wrong: under which name is the new value: is it 'name'?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    """Set one tag in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    alert.payload = {**alert.payload, "tags": {**alert.payload.get("tags", {}), "name": value}}
