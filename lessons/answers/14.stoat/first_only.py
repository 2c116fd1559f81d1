# wrong: after what your test sends, what is wrong in that app
# tests/test_stoat.py
from httpx import AsyncClient


async def test_stoat(client: AsyncClient, team: int) -> None:
    """The payload is stored."""
    alert = {"dedupe_key": "fan", "title": "The fan stands still", "severity": "major"}
    await client.post("/alerts", json=alert | {"team_id": team, "payload": {"host": "db-2"}})
    [listed] = (await client.get("/alerts", params={"host": "db-2"})).json()
    assert listed["payload"] == {"host": "db-2"}


# app/repositories/incidents.py
async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open an incident for an alert, which then keeps what was sent last."""
    incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
    session.add(incident)
    await session.flush()
    alert.payload, alert.received_at = {**new.payload}, incident.opened_at
    alert.incident_id = incident.id
