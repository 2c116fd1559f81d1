# wrong: whose commit is it, and what can undo the first attempt behind that?
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    async def work(session: AsyncSession) -> int:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.commit()
        await send(f"incident {incident.id}: {title}")
        return incident.id

    return await transact(work)
