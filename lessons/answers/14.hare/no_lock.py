# right: one UPDATE of one row needs no turn: what held people up is gone, and two roles are given at the same time
# tests/test_hare.py
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import own_team

HELD = text("""
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
""")


async def test_hare(live: AsyncClient, owner: AsyncEngine) -> None:
    """What would have caught it."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": await own_team(live)}
    place = f"/users/{(await live.post('/users', json=ada)).json()['id']}/role"
    assert (await live.put(place, json={"role": "lead"})).status_code == 200
    async with owner.connect() as beside:
        assert await beside.scalar(HELD) == 0


# app/repositories/users.py
async def give_role(session: AsyncSession, user_id: int, role: str) -> Shown | None:
    """Make somebody a member or a lead, and return what is stored, or None."""
    change = update(TABLE).where(TABLE.c.id == user_id).values(role=role)
    columns = (TABLE.c[each.name] for each in SHOWN.selected_columns)
    shown = (await session.execute(change.returning(*columns))).one_or_none()
    return shown
