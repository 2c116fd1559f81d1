# right: it tries again where somebody was quicker: no lock is held between the look and the UPDATE, and whoever meets a second change, such as an acknowledgement, gets the 500 all the same
# tests/test_heron.py
import asyncio

from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def test_heron(live: AsyncClient, owner: AsyncEngine) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": await own_team(live)}
    incident_id = (await live.post("/alerts", json=alert)).json()["incident_id"]
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with owner.connect() as gate:
        await gate.execute(text("LOCK TABLE incident IN SHARE MODE"))
        put = [live.put(f"/incidents/{incident_id}/resolution") for _ in range(2)]
        sent = [asyncio.create_task(each) for each in put]
        async with asyncio.timeout(5):
            while await gate.scalar(waiting) < 2:
                await asyncio.sleep(0.01)
    assert [(await each).status_code for each in sent] == [200, 200]


# app/routers/incidents.py
@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await session.get(Incident, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    try:
        return await transact(work)
    except StaleDataError:  # somebody was quicker: again, on what is there now
        return await transact(work)
