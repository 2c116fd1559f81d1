# wrong: whose question was it that is answered here once more?
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
from time import monotonic

SEEN: dict[int, tuple[float, users.Shown]] = {}


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> users.Shown:
    """Show one user."""
    known = SEEN.get(user_id)
    user = known[1] if known and monotonic() - known[0] < 5 else None
    user = user or await read(lambda db: users.get(db, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    SEEN[user_id] = (monotonic(), user)
    return user
