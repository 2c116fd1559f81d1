# wrong: which call has no `await` before it?
"""What only a real server shows: the end of a transaction."""

from httpx import AsyncClient


def zoe(team_id: int, login: str) -> dict[str, object]:
    """A user of this name; the email is the login's."""
    return {"name": "Zoë", "email": f"{login}@x.test", "login": login, "team_id": team_id}


async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there, also when a COMMIT has failed."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    live.get("/users")
    answers = [await live.post("/users", json=zoe(team_id, login)) for login in "ab"]
    promised = [each.json()["id"] for each in answers if each.status_code == 201]
    there = [user["id"] for user in (await live.get("/users")).json()]
    assert promised
    assert promised == there
