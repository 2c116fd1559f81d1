# wrong: for which team does `client` ask there
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
    assert (await client.get("/incidents")).json() == []
    assert (await client.get(theirs)).status_code == 404
    assert (await client.put(f"{theirs}/resolution")).status_code == 404
    [incident] = (await client.get("/incidents")).json()
    assert incident["status"] == "open"
