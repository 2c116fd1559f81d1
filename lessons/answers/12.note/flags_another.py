# wrong: which dictionary is flagged and sent: the one that you changed, or another one?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    payload = dict(alert.payload)
    payload["notes"] = [*payload.get("notes", []), note]
    flag_modified(alert, "payload")
