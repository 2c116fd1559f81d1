# right: one statement that PostgreSQL computes, and so the row is locked for a shorter time; the rule of sixty is then written in SQL
from app.models import Team
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    sql = """
    UPDATE team SET escalate_after = least(escalate_after + :minutes, 60)
    WHERE id = :id RETURNING escalate_after
    """
    return await session.scalar(text(sql), {"id": team_id, "minutes": minutes})
