# wrong: which of the requests that your test begins does it never await?
# tests/test_heron.py
import asyncio

from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
WAITING = text("""
SELECT count(DISTINCT pid) FROM pg_locks AS waits JOIN pg_locks AS ours USING (pid)
JOIN pg_database ON pg_database.oid = ours.database AND datname = current_database()
WHERE NOT waits.granted
""")


async def test_heron(live: AsyncClient, owner: AsyncEngine) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": await own_team(live)}
    incident_id = (await live.post("/alerts", json=alert)).json()["incident_id"]
    async with owner.connect() as gate:
        await gate.execute(text("LOCK TABLE incident IN SHARE MODE"))
        put = [live.put(f"/incidents/{incident_id}/resolution") for _ in range(2)]
        sent = [asyncio.create_task(each) for each in put]
        async with asyncio.timeout(5):
            while await gate.scalar(WAITING) < 2:
                await asyncio.sleep(0.01)
    assert len(sent) == 2


# app/routers/incidents.py
@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    return await transact(work)
