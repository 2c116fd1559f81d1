# wrong: what is added to a list that is extended by a text: the text, or each letter of it?
from app.models import Alert
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    alert.payload.setdefault("notes", []).extend(note)
    flag_modified(alert, "payload")
