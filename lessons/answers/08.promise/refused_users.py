# wrong: why does the app refuse what your test sends?
"""What only a real server shows: the end of a transaction, and two requests at once."""

from httpx import AsyncClient


def zoe(team_id: int, login: str) -> dict[str, object]:
    """A user of this name; the email is the login's."""
    return {"name": "Zoë", "email": f"{login}@x.test", "login": login, "team": team_id}


async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there, also when a COMMIT has failed."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await live.post("/users", json=zoe(team_id, "a")) for _ in range(2)]
    promised = [answer.json() for answer in answers if answer.status_code == 201]
    there = (await live.get("/users")).json()
    assert all(user in there for user in promised)
