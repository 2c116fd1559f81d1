# wrong: after what your test sends, what is wrong in that app
# tests/test_badger.py
from httpx import AsyncClient

from tests.conftest import own_team


async def test_badger(client: AsyncClient, team: int) -> None:
    """Both ways round."""
    alerts = [
        {"dedupe_key": key, "title": "Disk is full", "severity": "major", "team_id": team}
        for key in "ab"
    ]
    ids = [(await client.post("/alerts", json=each)).json()["incident_id"] for each in alerts]
    for each in (ids, ids[::-1]):
        answer = await client.put("/incidents/unresolved/resolutions", json={"ids": each})
        assert answer.status_code == 200


# app/repositories/incidents.py
async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked: in an order that is the same for everybody."""
    query = select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)
    return (await session.scalars(query.with_for_update())).all()
