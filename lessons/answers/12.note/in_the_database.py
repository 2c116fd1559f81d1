# right: PostgreSQL puts the line there: two at once lose nothing, and the object in the session is old
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def add_note(session: AsyncSession, alert_id: int, note: str) -> None:
    """Put a line behind the notes in the payload of an alert."""
    notes = "coalesce(payload -> 'notes', '[]') || to_jsonb(CAST(:note AS text))"
    change = f"UPDATE alert SET payload = payload || jsonb_build_object('notes', {notes}) WHERE id = :id"
    await session.execute(text(change), {"note": note, "id": alert_id})
