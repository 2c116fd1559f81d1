# wrong: which of the requests that your test begins does it never await?
# tests/test_badger.py
import asyncio

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from tests.conftest import own_team

ALERT = {"title": "Disk is full", "severity": "major"}
MIDDLE = text("SELECT 1 FROM incident WHERE id = :id FOR UPDATE")
WAITING = text("""
SELECT count(DISTINCT pid) FROM pg_locks AS waits JOIN pg_locks AS ours USING (pid)
JOIN pg_database ON pg_database.oid = ours.database AND datname = current_database()
WHERE NOT waits.granted
""")


async def test_badger(live: AsyncClient, owner: AsyncEngine, caplog: pytest.LogCaptureFixture) -> None:
    """What would have caught it."""
    team_id = await own_team(live)
    alerts = [ALERT | {"team_id": team_id, "dedupe_key": key} for key in "abc"]
    sent = [await live.post("/alerts", json=each) for each in alerts]
    ids = [each.json()["incident_id"] for each in sent]
    database.TEAM.set(team_id)
    async with owner.connect() as gate, asyncio.timeout(5):
        await database.hold(gate)
        await gate.execute(MIDDLE, {"id": ids[1]})
        put = [
            asyncio.create_task(live.put("/incidents/unresolved/resolutions", json={"ids": each}))
            for each in (ids, ids[::-1])
        ]
        while await gate.scalar(WAITING) < 2:
            await asyncio.sleep(0.01)
    assert "trying again" not in caplog.text


# app/repositories/incidents.py
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked."""
    found = [await get_to_change(session, each) for each in sorted(ids)]
    return [each for each in found if each is not None]
