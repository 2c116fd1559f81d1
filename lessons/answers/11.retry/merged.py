# right: what was made outside is copied into each session: the reader has to know what `merge` copies
from app.models import Incident
from sqlalchemy.ext.asyncio import AsyncSession


async def declare(transact, send, title: str, team_id: int) -> int:
    """Open an incident, tell the channel, and return its id: each once."""
    draft = Incident(title=title, severity="major", team_id=team_id)

    async def work(session: AsyncSession) -> int:
        incident = await session.merge(draft)
        await session.flush()
        return incident.id

    incident_id = await transact(work)
    await send(f"incident {incident_id}: {title}")
    return incident_id
