"""Alerts and incidents, from the first signal to whoever takes it."""

import pytest
from httpx import AsyncClient

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


@pytest.fixture
async def team(client: AsyncClient) -> int:
    """The id of a team with one member."""
    team_id: int = (await client.post("/teams", json={"name": "night"})).json()["id"]
    await _user(client, team_id, "ada")
    return team_id


async def _user(client: AsyncClient, team_id: int, login: str) -> int:
    new = {"name": login, "email": f"{login}@x.test", "login": login, "team_id": team_id}
    user_id: int = (await client.post("/users", json=new)).json()["id"]
    return user_id


async def _incident(client: AsyncClient, team_id: int) -> str:
    alert = (await client.post("/alerts", json=ALERT | {"team_id": team_id})).json()
    return f"/incidents/{alert['incident_id']}"


async def test_the_same_alert_again_opens_nothing(client: AsyncClient, team: int) -> None:
    """201 the first time, 200 the second, and one incident."""
    sent = [await client.post("/alerts", json=ALERT | {"team_id": team}) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 200]
    assert sent[0].json() == sent[1].json()
    assert len((await client.get("/incidents")).json()) == 1


async def test_an_alert_for_no_team_opens_nothing(client: AsyncClient, team: int) -> None:
    """404, and no incident."""
    assert (await client.post("/alerts", json=ALERT | {"team_id": team + 1})).status_code == 404
    assert (await client.get("/incidents")).json() == []


async def test_a_payload_that_cannot_be_stored_is_refused(client: AsyncClient, team: int) -> None:
    """422 for a NUL character, which JSON allows and PostgreSQL does not."""
    answer = await client.post("/alerts", json=ALERT | {"team_id": team, "payload": {"a": "\0"}})
    assert answer.status_code == 422


async def test_an_incident_is_taken_once(client: AsyncClient, team: int) -> None:
    """201, then 409 with the reason."""
    place, ben = await _incident(client, team), await _user(client, team, "ben")
    taken = [await client.post(f"{place}/acknowledgements", json={"user_id": ben}) for _ in "12"]
    assert [each.status_code for each in taken] == [201, 409]
    assert (await client.get(place)).json()["status"] == "acknowledged"


async def test_another_team_takes_no_incident(client: AsyncClient, team: int) -> None:
    """409, and it stays open."""
    place = await _incident(client, team)
    other = (await client.post("/teams", json={"name": "day"})).json()["id"]
    stranger = {"user_id": await _user(client, other, "kim")}
    assert (await client.post(f"{place}/acknowledgements", json=stranger)).status_code == 409
    assert (await client.get(place)).json()["status"] == "open"


async def test_the_first_member_is_paged_first(client: AsyncClient, team: int) -> None:
    """The rule of the pager, through HTTP."""
    responder = await client.get(f"{await _incident(client, team)}/responder")
    assert responder.json()["name"] == "ada"


@pytest.mark.parametrize("path", ["", "/responder"])
async def test_an_incident_that_is_not_there_is_a_404(client: AsyncClient, path: str) -> None:
    """With a sentence that names it."""
    answer = await client.get(f"/incidents/7{path}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no incident 7.")
