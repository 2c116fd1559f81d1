# wrong: it raised KeyError
from app.models import Alert
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    alert = await session.get_one(Alert, alert_id)
    if "notes" not in alert.payload:
        raise KeyError
    alert.payload = {**alert.payload, "notes": [*alert.payload["notes"], note]}
