# wrong: who gets what `transact` returns, and what does your function return?
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    async def work(session: AsyncSession) -> int:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.flush()
        return incident.id

    incident_id = await transact(work)
    await send(f"incident {incident_id}: {title}")
