"""Stoat: an alert that comes back from another host."""

from typing import Any
from uuid import uuid4

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
04:05. Dana has driven to the data centre for nothing: "The alert was about the fan of db-2. Your
list of what db-2 has sent is empty, and the list of db-1 has the alert, so I went to db-1, and its
fan is fine." The monitor's own log says that it has sent db-2 tonight, and got a 201. Last month
the same alert was about db-1, and that time everything was right.
"""
FAULT = '''
# app/repositories/incidents.py
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert, Incident
from app.schemas import AlertIn


async def open_for(session: AsyncSession, alert: Alert, new: AlertIn) -> None:
    """Open an incident for an alert, which then keeps what was sent last."""
    incident = Incident(title=new.title, severity=new.severity, team_id=new.team_id)
    session.add(incident)
    await session.flush()
    alert.payload.clear()
    alert.payload.update(new.payload)
    alert.received_at, alert.incident_id = incident.opened_at, incident.id
'''


Payload = dict[str, Any]


async def comes_back(
    scene: Scene, first: Payload, then: Payload, is_over: bool = True
) -> tuple[int, list[Payload]]:
    """An alert comes back: the last answer, and the payload that is listed then."""
    client, key = scene.client_of(1), f"fan/{uuid4().hex}"
    alert = {"team_id": 1, "dedupe_key": key, "title": "The fan stands still", "severity": "major"}
    sent = (await client.post("/alerts", json=alert | {"payload": first})).raise_for_status()
    if is_over:
        await client.put(f"/incidents/{sent.json()['incident_id']}/resolution")
    again = await client.post("/alerts", json=alert | {"payload": then})
    asks = [{"host": each["host"], "limit": 100} for each in (first, then)]
    pages = [await scene.get(1, "/alerts", **each) for each in asks]
    every = {each["id"]: each for page in pages for each in page if each["dedupe_key"] == key}
    return again.status_code, [each["payload"] for each in every.values()]


async def calls(scene: Scene) -> Seen:
    """The monitor's two messages, and the list."""
    code, listed = await comes_back(scene, {"host": "db-1"}, {"host": "db-2"})
    rows = (
        ("POST /alerts from db-1, which is resolved", "201"),
        ("POST /alerts from db-2, of the same key", str(code)),
        ("GET /alerts: the payload of this key", str(listed)),
    )
    said = "The list sends people to db-1, and the alert is about db-2."
    return Seen(rows, said if listed != [{"host": "db-2"}] else "")


DRILL = Drill(
    name="stoat",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_alerts.py",
        "tests/test_at_once.py",
    ),
)
