# wrong: after what your test sends, what is wrong in that app
# tests/test_heron.py
from httpx import AsyncClient

from tests.conftest import own_team


async def test_heron(client: AsyncClient, team: int) -> None:
    """Saying it again changes nothing."""
    alert = {"dedupe_key": "k", "title": "Disk is full", "severity": "major", "team_id": team}
    incident_id = (await client.post("/alerts", json=alert)).json()["incident_id"]
    for _ in range(2):
        answer = await client.put(f"/incidents/{incident_id}/resolution")
        assert answer.status_code == 200


# app/routers/incidents.py
@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    return await transact(work)
