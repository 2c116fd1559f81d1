# wrong: what else did this place do before you changed it?
# tests/test_stoat.py
from httpx import AsyncClient

ALERT = {"dedupe_key": "fan", "title": "The fan stands still", "severity": "major"}


async def test_stoat(client: AsyncClient, team: int) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": team}
    first = await client.post("/alerts", json=alert | {"payload": {"host": "db-1"}})
    await client.put(f"/incidents/{first.json()['incident_id']}/resolution")
    await client.post("/alerts", json=alert | {"payload": {"host": "db-2"}})
    [listed] = (await client.get("/alerts", params={"host": "db-2"})).json()
    assert listed["payload"] == {"host": "db-2"}


# app/repositories/incidents.py
async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open the incident of an alert again, which then keeps what was sent last."""
    incident = await of_alert(session, alert)
    if incident is None:
        incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
        session.add(incident)
    incident.status = "open"
    await session.flush()
    alert.payload, alert.received_at = {**new.payload}, func.now()
    alert.incident_id = incident.id
    await session.flush()
    await session.refresh(alert)
