# wrong: `flag_modified` wants the object of the model
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    from sqlalchemy.orm.attributes import flag_modified
    alert.payload.setdefault('notes', []).append(note)
    flag_modified(alert.payload, 'notes')
