# wrong: what is wrong in that app, and which line of it looks there?
# tests/test_stoat.py
from httpx import AsyncClient

ALERT = {"dedupe_key": "fan", "title": "The fan stands still", "severity": "major"}


async def test_stoat(client: AsyncClient, team: int) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": team}
    first = await client.post("/alerts", json=alert | {"payload": {"host": "db-1"}})
    await client.put(f"/incidents/{first.json()['incident_id']}/resolution")
    again = await client.post("/alerts", json=alert | {"payload": {"host": "db-2"}})
    assert again.status_code == 201


# app/repositories/incidents.py
async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open an incident for an alert, which then keeps what was sent last."""
    incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
    session.add(incident)
    await session.flush()
    alert.payload = {**new.payload}
    alert.received_at, alert.incident_id = incident.opened_at, incident.id
