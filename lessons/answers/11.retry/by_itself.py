# wrong: who commits your work, and does it again?
from app.database import session_factory
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    async with session_factory.begin() as session:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.flush()
    await send(f"incident {incident.id}: {title}")
    return incident.id
