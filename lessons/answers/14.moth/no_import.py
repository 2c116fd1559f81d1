# wrong: NameError: name 'AsyncConnection' is not defined
# tests/test_moth.py
from httpx import AsyncClient

from tests.conftest import add_team, ask_as


async def test_moth(client: AsyncClient, team: int) -> None:
    """What would have caught it."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": team}
    place = f"/users/{(await client.post('/users', json=ada)).json()['id']}"
    assert (await client.get(place)).status_code == 200
    ask_as(client, await add_team("day"))
    assert (await client.get(place)).status_code in (404,)


# app/routers/users.py
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> users.Shown:
    """Show one user."""
    async def work(db: AsyncConnection) -> users.Shown | None:
        return await users.get(db, user_id)

    if (user := await read(work)) is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
