# wrong: when is what you flagged sent, and what is changed only after that?
from app.models import Alert
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    flag_modified(alert, "payload")
    await session.flush()
    alert.payload.setdefault("notes", []).append(note)
