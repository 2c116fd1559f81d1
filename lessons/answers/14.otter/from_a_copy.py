# right: each attempt works on a copy of what was asked for, and the set outside is a frozenset, which no attempt can change: a name more
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
    assert (over.status_code, now.json()["status"]) == (200, "resolved")


# app/routers/incidents.py
@router.put("/unresolved/resolutions", response_model=list[IncidentOut])
async def resolve_all(these: IncidentsIn) -> Sequence[Incident]:
    """Say that these incidents are over, all of them or none; one fire often has several."""
    wanted = frozenset(these.ids)

    async def work(session: AsyncSession) -> Sequence[Incident]:
        left = set(wanted)
        found = await incidents.get_all_to_change(session, sorted(left))
        for incident in found:
            incident.status = "resolved"
            left.remove(incident.id)
        if left:
            raise HTTPException(404, f"There is no incident {min(left)}.")
        return found

    return await transact(work)
