# right: each status is compared with that for an id of nobody, so that none tells night which ids there are
"""What one team learns of another one: nothing."""

from httpx import AsyncClient

from tests.conftest import add_team, ask_as

FIRE = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def test_a_team_learns_nothing_of_another(client: AsyncClient) -> None:
    """It can neither read nor count, neither change nor guess what is there."""
    day, night = await add_team("day"), await add_team("night")
    ask_as(client, day)
    sent = await client.post("/alerts", json=FIRE | {"team_id": day})
    theirs = f"/incidents/{sent.json()['incident_id']}"
    ask_as(client, night)
    assert len((await client.get("/incidents")).json()) == 0
    nobodys = "/incidents/2147483647"
    for method, end in (("GET", ""), ("PUT", "/resolution")):
        known = await client.request(method, theirs + end)
        unknown = await client.request(method, nobodys + end)
        assert known.status_code == unknown.status_code == 404
    ask_as(client, day)
    [incident] = (await client.get("/incidents")).json()
    assert incident["status"] != "resolved"
