# wrong: what is left of the first attempt when the second one begins?
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
