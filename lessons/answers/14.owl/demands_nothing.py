# wrong: what shall each of them get?
# tests/test_owl.py
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
AS_THAT_NIGHT = "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"


async def test_owl(client: AsyncClient, connection: AsyncConnection, team: int) -> None:
    """What would have caught it."""
    for each in AS_THAT_NIGHT.split(";"):
        await connection.execute(text(each))
    people = [{"name": n, "email": f"{n}@x.test", "login": n, "team_id": team} for n in "ab"]
    first, _ = [(await client.post("/users", json=each)).json()["id"] for each in people]
    sent = await client.post("/alerts", json=ALERT | {"team_id": team})
    ...


# app/repositories/users.py
TEAM = SHOWN.where(User.team_id == bindparam("team_id")).order_by(User.id)
