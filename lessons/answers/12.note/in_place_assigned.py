# wrong: which part of the value that you assign is still the object that was read?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    payload = alert.payload
    payload["notes"] = [*payload.get("notes", []), note]
    alert.payload = payload
