# wrong: is it about how you mended it?
# tests/test_heron.py
import inspect

from app.routers import incidents


def test_heron() -> None:
    """The mend is there."""
    assert "StaleDataError" in inspect.getsource(incidents.resolve)


# app/routers/incidents.py
@router.put("/{incident_id}/resolution", response_model=IncidentOut)
async def resolve(incident_id: Id) -> Incident:
    """Say that an incident is over; saying it again changes nothing."""

    async def work(session: AsyncSession) -> Incident:
        incident = _known(await session.get(Incident, incident_id), incident_id)
        incident.status = "resolved"
        return incident

    try:
        return await transact(work)
    except StaleDataError:  # somebody was quicker: again, on what is there now
        return await transact(work)
