# wrong: after what your test sends, what is wrong in that app
# tests/test_otter.py
from httpx import AsyncClient


async def test_otter(client: AsyncClient, team: int) -> None:
    """What is resolved is resolved."""
    alert = {"dedupe_key": "k", "title": "Disk is full", "severity": "major", "team_id": team}
    incident_id = (await client.post("/alerts", json=alert)).json()["incident_id"]
    over = await client.put("/incidents/unresolved/resolutions", json={"ids": [incident_id]})
    now = await client.get(f"/incidents/{incident_id}")
    assert (over.status_code, now.json()["status"]) == (200, "resolved")


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
