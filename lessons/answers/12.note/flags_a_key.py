# wrong: an attribute of the model, or a key of its value?
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    alert.payload.setdefault("notes", []).append(note)
    flag_modified(alert, "notes")
