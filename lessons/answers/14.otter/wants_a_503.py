# wrong: what does the app answer here, and what do you want?
# tests/test_otter.py
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def test_otter(client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would have caught it."""
    sent = await client.post("/alerts", json=ALERT | {"team_id": team})
    incident_id = sent.json()["incident_id"]
    flush, errors = AsyncSession.flush, [DBAPIError("", {}, OSError(), connection_invalidated=True)]

    async def lost_once(self: AsyncSession, *given: Any) -> None:
        if errors:
            raise errors.pop()
        await flush(self, *given)

    monkeypatch.setattr(AsyncSession, "flush", lost_once)
    ids = {"ids": [incident_id]}
    over = await client.put("/incidents/unresolved/resolutions", json=ids)
    now = await client.get(f"/incidents/{incident_id}")
    assert (over.status_code, now.json()["status"]) == (503, "open")


# app/routers/incidents.py
@router.put("/unresolved/resolutions", response_model=list[IncidentOut])
async def resolve_all(these: IncidentsIn) -> Sequence[Incident]:
    """Say that these incidents are over, all of them or none; one fire often has several."""

    async def work(session: AsyncSession) -> Sequence[Incident]:
        found = await incidents.get_all_to_change(session, these.ids)
        if missing := set(these.ids) - {each.id for each in found}:
            raise HTTPException(404, f"There is no incident {min(missing)}.")
        for incident in found:
            incident.status = "resolved"
        return found

    return await transact(work)
