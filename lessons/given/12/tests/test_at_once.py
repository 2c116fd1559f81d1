"""What only requests at the same moment show: real transactions that wait for one another."""

import asyncio
from typing import Any

from httpx import AsyncClient

from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
USER = {"name": "Ada", "login": "ada"}


async def _alert(live: AsyncClient) -> dict[str, Any]:
    """A team's alert that everybody knows already."""
    alert = ALERT | {"team_id": await own_team(live)}
    return alert | {"incident_id": (await live.post("/alerts", json=alert)).json()["incident_id"]}


async def test_what_comes_back_many_times_at_once_is_one_incident(live: AsyncClient) -> None:
    """One of them opens it, and the others repeat it."""
    alert = await _alert(live)
    await live.put(f"/incidents/{alert.pop('incident_id')}/resolution")
    answers = await asyncio.gather(*[live.post("/alerts", json=alert) for _ in range(4)])
    assert sorted(each.json()["effect"] for each in answers) == ["opened"] + 3 * ["repeated"]
    assert len((await live.get("/incidents/unresolved")).json()) == 1


async def test_of_two_who_take_an_incident_at_once_one_has_it(live: AsyncClient) -> None:
    """And the other one is told."""
    alert = await _alert(live)
    place = f"/incidents/{alert['incident_id']}/acknowledgements"
    people = [USER | {"email": f"{each}@x.test", "team_id": alert["team_id"]} for each in "ab"]
    ids = [(await live.post("/users", json=each)).json()["id"] for each in people]
    taken = await asyncio.gather(*[live.post(place, json={"user_id": each}) for each in ids])
    assert sorted(each.status_code for each in taken) == [201, 409]
