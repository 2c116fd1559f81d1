# wrong: whose minutes does your statement change?
from app.models import Team
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    sql = "UPDATE team SET escalate_after = least(escalate_after + :minutes, 60)"
    await session.execute(text(sql), {"minutes": minutes})
    sql = "SELECT escalate_after FROM team WHERE id = :id"
    return await session.scalar(text(sql), {"id": team_id})
