# right: the unit returns the object, and the id is read afterwards: good as long as COMMIT leaves it loaded (`expire_on_commit=False`)
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    async def work(session: AsyncSession) -> Incident:
        incident = Incident(title=title, severity="major", team_id=team_id)
        session.add(incident)
        await session.flush()
        return incident

    incident = await transact(work)
    await send(f"incident {incident.id}: {title}")
    return incident.id
