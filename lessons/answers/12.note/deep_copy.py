# right: a deep copy is changed: nothing can be forgotten, and all of the payload is copied for one line
from copy import deepcopy

from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    payload = deepcopy(alert.payload)
    payload.setdefault("notes", []).append(note)
    alert.payload = payload
