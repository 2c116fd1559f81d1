"""Otter: a board that is cleared, and is not."""

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
02:31. The database was moved to another machine, which took a moment; every client got its answer,
as it should be. Eli from platform: "I cleared the board in that minute, three incidents, and your
app said 200. Ten minutes later Fay was woken for one of them. All three are open. I have cleared
them again, and now they stay." There is no error in the log, and a warning or two.
"""
FAULT = '''
# app/routers/incidents.py
from collections.abc import Sequence

from fastapi import HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import transact
from app.models import Incident
from app.repositories import incidents
from app.schemas import IncidentOut, IncidentsIn


@router.put("/unresolved/resolutions", response_model=list[IncidentOut])
async def resolve_all(these: IncidentsIn) -> Sequence[Incident]:
    """Say that these incidents are over, all of them or none; one fire often has several."""
    left = set(these.ids)

    async def work(session: AsyncSession) -> Sequence[Incident]:
        found = await incidents.get_all_to_change(session, sorted(left))
        for incident in found:
            incident.status = "resolved"
            left.remove(incident.id)
        if left:
            raise HTTPException(404, f"There is no incident {min(left)}.")
        return found

    return await transact(work)
'''
LOCK = "LOCK TABLE incident IN SHARE MODE"
"""Rows can be locked for a change, and none is written."""
WRITES = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%update%incident%'
"""
PATH = "/incidents/unresolved/resolutions"


async def during_a_move(scene: Scene, ids: list[int]) -> int:
    """These are resolved; as it is written, the connection to the database is ended. The answer."""
    async with scene.gate(1, LOCK):
        sent = scene.send(1, "PUT", PATH, json={"ids": ids})
        await scene.all_wait([sent])
        await scene.observer.fetch(WRITES)
    return (await sent).status_code


async def statuses(scene: Scene, ids: list[int]) -> list[str]:
    """The status of each incident now."""
    return [(await scene.get(1, f"/incidents/{each}"))["status"] for each in ids]


async def calls(scene: Scene) -> Seen:
    """A board is cleared while the database is moved."""
    ids = [await scene.incident(1) for _ in range(3)]
    code = await during_a_move(scene, ids)
    found = await statuses(scene, ids)
    rows = ((f"PUT {PATH}, three incidents, as the database is moved", str(code)),
            ("GET /incidents/…, of the three", ", ".join(found)))  # fmt: skip
    said = "The app has said 200, and the incidents are open."
    return Seen(rows, said if code != 200 or set(found) != {"resolved"} else "")


DRILL = Drill(
    name="otter",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_claims.py",
        "tests/test_tenancy.py::test_several_at_once_are_ones_own_or_none",
    ),
)
