# right: what is kept is kept for each team: as quick as it was meant to be, and a role that another process gives is seen when this one is started anew
# tests/test_moth.py
from httpx import AsyncClient

from tests.conftest import add_team, ask_as


async def test_moth(client: AsyncClient, team: int) -> None:
    """What would have caught it."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": team}
    place = f"/users/{(await client.post('/users', json=ada)).json()['id']}"
    assert (await client.get(place)).status_code == 200
    ask_as(client, await add_team("day"))
    assert (await client.get(place)).status_code == 404


# app/routers/users.py
from app.database import TEAM

SEEN: dict[tuple[int | None, int], users.Shown] = {}


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> users.Shown:
    """Show one user."""
    key = TEAM.get(), user_id
    user = SEEN.get(key) or await read(lambda db: users.get(db, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    SEEN[key] = user
    return user


@router.put("/{user_id}/role", response_model=UserOut)
async def give_role(user_id: Id, new: NewRole) -> users.Shown:
    """Make somebody a member or a lead."""
    user = await transact(lambda session: users.give_role(session, user_id, new.role))
    SEEN.pop((TEAM.get(), user_id), None)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
