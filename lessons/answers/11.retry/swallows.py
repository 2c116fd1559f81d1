# wrong: who can tell the caller that nothing was stored?
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    async def work(session: AsyncSession) -> int:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.flush()
        return incident.id

    try:
        incident_id = await transact(work)
    except Exception:
        return 0
    await send(f"incident {incident_id}: {title}")
    return incident_id
