# wrong: is it done, where 200 is said?
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


# app/routers/users.py
@router.put("/{user_id}/role", response_model=UserOut)
async def give_role(user_id: Id, new: NewRole) -> users.Shown:
    """Show somebody, as a member or a lead."""
    user = await read(lambda db: users.get(db, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
