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
