"""Heron: two people say at the same moment that it is over."""

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
02:14. The error rate of the pager itself is above its limit: a few requests in a thousand get a
500. Ben from the network team has sent a screenshot: "I press Resolve, and your app says that it
is its own fault. When I look again, the incident is resolved. So what is it?" It happens in calls
where several people look at the same incident, and never to whoever tries it alone.
"""
FAULT = '''
# app/routers/incidents.py
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import transact
from app.models import Incident
from app.schemas import Id, IncidentOut


@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await session.get(Incident, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    return await transact(work)
'''
LOCK = "SELECT 1 FROM incident WHERE id = $1 FOR UPDATE"


async def two_at_once(scene: Scene, incident: int) -> list[int]:
    """Two clients resolve one incident, both in front of the same row: their answers, sorted."""
    async with scene.gate(1, LOCK, incident):
        sent = [scene.send(1, "PUT", f"/incidents/{incident}/resolution") for _ in range(2)]
        await scene.all_wait(sent)
    return sorted([(await each).status_code for each in sent])


async def calls(scene: Scene) -> Seen:
    """Two clients resolve one incident."""
    codes = await two_at_once(scene, await scene.incident(1))
    rows = [(f"PUT …/resolution, {who}", str(code)) for who, code in zip("ab", codes, strict=True)]
    said = "One of the two who have resolved it hears that it is our fault."
    return Seen(tuple(rows), said if codes != [200, 200] else "")


DRILL = Drill(
    name="heron",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_claims.py",
        "tests/test_at_once.py",
    ),
)
