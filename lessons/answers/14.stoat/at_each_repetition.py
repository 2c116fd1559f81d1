# wrong: what does a repetition change, as POST /alerts says it?
# tests/test_stoat.py
from httpx import AsyncClient

ALERT = {"dedupe_key": "fan", "title": "The fan stands still", "severity": "major"}


async def test_stoat(client: AsyncClient, team: int) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": team}
    first = await client.post("/alerts", json=alert | {"payload": {"host": "db-1"}})
    await client.put(f"/incidents/{first.json()['incident_id']}/resolution")
    await client.post("/alerts", json=alert | {"payload": {"host": "db-2"}})
    [listed] = (await client.get("/alerts", params={"host": "db-2"})).json()
    assert listed["payload"] == {"host": "db-2"}


# app/repositories/alerts.py
async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    if (stored := await session.scalar(known)) is not None:
        stored.payload = new.payload
        return stored, False
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    if (stored := await session.scalar(once.values(row).returning(Alert))) is not None:
        return stored, True
    return (await session.scalars(known)).one(), False
