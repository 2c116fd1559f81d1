from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert, Incident
from app.schemas import AlertIn


async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open an incident for an alert, which then keeps what was sent last."""
    incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
    session.add(incident)
    await session.flush()
    alert.payload, alert.received_at = {**new.payload}, incident.opened_at
    alert.incident_id = incident.id
