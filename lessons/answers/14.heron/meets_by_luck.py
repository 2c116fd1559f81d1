# wrong: who makes sure that the requests of your test meet?
# tests/test_heron.py
import inspect

from app import main
from app.routers import incidents

BROKEN = "session.get(Incident" in inspect.getsource(incidents.resolve)


def test_heron() -> None:
    """It stands for a test whose requests meet in one run, and not in the next one."""
    runs = main.app.state.runs = getattr(main.app.state, "runs", 0) + 1
    assert not (BROKEN and runs == 1)


# app/routers/incidents.py
@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await incidents.get_to_change(session, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    return await transact(work)
