# wrong: what can still happen between your message and the COMMIT?
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    told = []

    async def work(session: AsyncSession) -> int:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.flush()
        if not told:
            told.append(incident.id)
            await send(f"incident {incident.id}: {title}")
        return incident.id

    return await transact(work)
