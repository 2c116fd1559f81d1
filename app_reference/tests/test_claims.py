"""Taking an incident over: it counts only for whoever has seen what is there now."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.repositories import incidents
from tests.conftest import add_team, ask_as, own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def incident(client: AsyncClient) -> tuple[dict[str, Any], list[int]]:
    """An incident of the client's team, as it sees it, and the ids of two people of the team."""
    team = await own_team(client)
    people = [
        {"name": name, "email": f"{name}@x.test", "login": name, "team_id": team} for name in "ab"
    ]
    ids = [(await client.post("/users", json=each)).json()["id"] for each in people]
    alert = (await client.post("/alerts", json=ALERT | {"team_id": team})).json()
    return (await client.get(f"/incidents/{alert['incident_id']}")).json(), ids


async def test_each_claim_makes_a_version(client: AsyncClient, team: int) -> None:
    """Also where somebody has it already."""
    seen, people = await incident(client)
    for user_id in people:
        said = {"user_id": user_id, "version": seen["version"]}
        answer = await client.post(f"/incidents/{seen['id']}/claim", json=said)
        assert answer.status_code == 200
        assert answer.json()["version"] == seen["version"] + 1
        seen = answer.json()
    responder = await client.get(f"/incidents/{seen['id']}/responder")
    assert responder.json()["id"] == people[-1]


async def test_a_claim_of_what_has_changed_is_refused(client: AsyncClient, team: int) -> None:
    """And nothing of it is stored."""
    seen, people = await incident(client)
    first, late = [{"user_id": each, "version": seen["version"]} for each in people]
    place = f"/incidents/{seen['id']}/claim"
    answers = [await client.post(place, json=each) for each in (first, late)]
    assert [each.status_code for each in answers] == [200, 409]
    responder = await client.get(f"/incidents/{seen['id']}/responder")
    assert responder.json()["id"] == people[0]


async def test_a_claim_needs_its_own_team_and_an_incident_that_is_not_over(
    client: AsyncClient, team: int
) -> None:
    """409 for both, and for somebody who does not exist."""
    seen, people = await incident(client)
    place, version = f"/incidents/{seen['id']}", seen["version"]
    ask_as(client, other := await add_team("day"))
    stranger = {"name": "c", "email": "c@x.test", "login": "c", "team_id": other}
    stranger_id: int = (await client.post("/users", json=stranger)).json()["id"]
    ask_as(client, team)
    for user_id in (stranger_id, 2**31 - 1):
        said = {"user_id": user_id, "version": version}
        assert (await client.post(f"{place}/claim", json=said)).status_code == 409
    over = (await client.put(f"{place}/resolution")).json()
    said = {"user_id": people[0], "version": over["version"]}
    assert (await client.post(f"{place}/claim", json=said)).status_code == 409


async def test_of_two_claims_at_once_one_counts(live: AsyncClient) -> None:
    """And the other one is told to look again."""
    seen, people = await incident(live)
    said = [{"user_id": each, "version": seen["version"]} for each in people]
    place = f"/incidents/{seen['id']}/claim"
    answers = await asyncio.gather(*[live.post(place, json=each) for each in said])
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_several_incidents_are_resolved_together(client: AsyncClient, team: int) -> None:
    """All of them, or where one does not exist, none."""
    seen, _ = await incident(client)
    missing = {"ids": [seen["id"], 2**31 - 1]}
    assert (await client.put("/incidents/unresolved/resolutions", json=missing)).status_code == 404
    assert (await client.get(f"/incidents/{seen['id']}")).json()["status"] == "open"
    over = await client.put("/incidents/unresolved/resolutions", json={"ids": [seen["id"]]})
    assert [each["status"] for each in over.json()] == ["resolved"]


@pytest.mark.parametrize("count", [0, 101])
async def test_how_many_are_resolved_together_is_bounded(
    client: AsyncClient, team: int, count: int
) -> None:
    """At least one, and no more than a transaction should lock."""
    ids = {"ids": [*range(1, count + 1)]}
    answer = await client.put("/incidents/unresolved/resolutions", json=ids)
    assert answer.status_code == 422


async def test_what_is_locked_is_read_anew(
    client: AsyncClient, team: int, session: AsyncSession
) -> None:
    """Whoever waits for a lock has read the incident before, and then somebody changed it."""
    seen, _ = await incident(client)
    read = await incidents.get(session, seen["id"])
    assert read is not None and read.status == "open"
    await client.put(f"/incidents/{seen['id']}/resolution")
    locked = await incidents.get_to_change(session, seen["id"])
    assert locked is not None and locked.status == "resolved"
