# wrong: what does your statement make of a payload that has no 'tags' yet?
from app.models import Alert
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def set_tag(session: AsyncSession, alert_id: int, name: str, value: str) -> None:
    """Set one tag in the payload of an alert."""
    sql = text("UPDATE alert SET payload = jsonb_set(payload, array['tags', :name], to_jsonb(cast(:value AS text))) WHERE id = :id")
    await session.execute(sql, {"name": name, "value": value, "id": alert_id})
