"""Alerts and incidents, from the first signal to whoever takes it."""

import pytest
from httpx import AsyncClient
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.models import Alert
from tests.conftest import add_team, ask_as

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


@pytest.fixture
async def team(client: AsyncClient, team: int) -> int:
    """The id of a team with one member."""
    await _user(client, team, "ada")
    return team


async def _user(client: AsyncClient, team_id: int, login: str) -> int:
    new = {"name": login, "email": f"{login}@x.test", "login": login, "team_id": team_id}
    user_id: int = (await client.post("/users", json=new)).json()["id"]
    return user_id


async def _two(client: AsyncClient, team_id: int) -> tuple[int, int]:
    return await _user(client, team_id, "ben"), await _user(client, team_id, "kim")


async def _alert(client: AsyncClient, team_id: int, **change: object) -> tuple[int, str, str]:
    """Send an alert: the status, what it did, and where its incident is."""
    answer = await client.post("/alerts", json=ALERT | {"team_id": team_id} | change)
    alert = answer.json()
    return answer.status_code, alert["effect"], f"/incidents/{alert['incident_id']}"


async def _incident(client: AsyncClient, team_id: int, **change: object) -> str:
    return (await _alert(client, team_id, **change))[2]


async def _take(client: AsyncClient, place: str, user_id: int) -> int:
    answer = await client.post(f"{place}/acknowledgements", json={"user_id": user_id})
    return answer.status_code


async def test_the_same_alert_again_opens_nothing(client: AsyncClient, team: int) -> None:
    """201 the first time, 200 the second, and one incident."""
    place = await _incident(client, team)
    assert await _alert(client, team) == (200, "repeated", place)
    assert len((await client.get("/incidents")).json()) == 1


async def test_a_repetition_raises_the_severity_and_never_lowers_it(
    client: AsyncClient, team: int
) -> None:
    """200 for both: the incident is the same, and worse."""
    place = await _incident(client, team)
    assert await _alert(client, team, severity="critical") == (200, "raised", place)
    assert await _alert(client, team, severity="minor") == (200, "repeated", place)
    assert (await client.get(place)).json()["severity"] == "critical"


async def test_what_comes_back_after_its_end_is_a_new_incident(
    client: AsyncClient, team: int
) -> None:
    """201, as the first time, and the old incident stays as it was."""
    first = await _incident(client, team)
    assert (await client.put(f"{first}/resolution")).json()["status"] == "resolved"
    status, effect, second = await _alert(client, team, severity="minor")
    assert (status, effect) == (201, "opened")
    states = [(await client.get(place)).json() for place in (first, second)]
    assert [each["status"] for each in states] == ["resolved", "open"]
    assert [each["severity"] for each in states] == ["major", "minor"]
    assert await _alert(client, team, severity="minor") == (200, "repeated", second)


async def test_another_team_has_alerts_of_its_own(client: AsyncClient, team: int) -> None:
    """The same key, and another incident."""
    place = await _incident(client, team)
    ask_as(client, other := await add_team("day"))
    status, effect, elsewhere = await _alert(client, other)
    assert (status, effect) == (201, "opened")
    assert elsewhere != place


async def test_a_repetition_takes_no_id(client: AsyncClient, team: int) -> None:
    """A monitor that repeats itself must not use up the ids."""
    ids = []
    for key in ("a", "a", "a", "b"):
        new = ALERT | {"team_id": team, "dedupe_key": key}
        ids.append((await client.post("/alerts", json=new)).json()["id"])
    assert [each - ids[0] for each in ids] == [0, 0, 0, 1]


async def test_the_ids_of_alerts_do_not_end(
    client: AsyncClient, connection: AsyncConnection, team: int
) -> None:
    """Not where an integer does."""
    later = "ALTER TABLE alert ALTER id RESTART WITH 2147483648"
    for sql in ("SET LOCAL ROLE NONE", later, "RESET ROLE"):  # the app owns no table
        await connection.execute(text(sql))
    alert = await client.post("/alerts", json=ALERT | {"team_id": team})
    assert (alert.status_code, alert.json()["id"]) == (201, 2**31)


async def test_an_alert_has_a_payload(session: AsyncSession, team: int) -> None:
    """None is no JSON null, which NOT NULL would let pass."""
    session.add(Alert(team_id=team, dedupe_key="db-1/disk", payload=None))
    with pytest.raises(IntegrityError, match="payload"):
        await session.flush()


async def test_an_alert_for_no_team_opens_nothing(client: AsyncClient, team: int) -> None:
    """403, as for another team: nobody learns which teams there are. And no incident."""
    assert (await client.post("/alerts", json=ALERT | {"team_id": team + 1})).status_code == 403
    assert (await client.get("/incidents")).json() == []


async def test_a_payload_that_cannot_be_stored_is_refused(client: AsyncClient, team: int) -> None:
    """422 for a NUL character, which JSON allows and PostgreSQL does not."""
    answer = await client.post("/alerts", json=ALERT | {"team_id": team, "payload": {"a": "\0"}})
    assert answer.status_code == 422


@pytest.mark.parametrize(("levels", "status"), [(200, 201), (201, 422), (300, 422)])
async def test_what_is_taken_in_can_be_shown(
    client: AsyncClient, team: int, levels: int, status: int
) -> None:
    """However deep it is: one that is stored and cannot be shown spoils each list it stands in."""
    said = r"PostgreSQL says: \u0000 cannot be converted to text"
    payload: dict[str, object] = {"host": "db-1", "said": said, "nested": _nested(levels)}
    answer = await client.post("/alerts", json=ALERT | {"team_id": team, "payload": payload})
    assert answer.status_code == status
    listed = await client.get("/alerts?host=db-1")
    assert listed.status_code == 200
    assert [each["payload"] for each in listed.json()] == [payload] * (status == 201)


def _nested(levels: int) -> list[object]:
    nested: list[object] = []
    for _ in range(levels - 1):
        nested = [nested]
    return nested


async def test_an_incident_is_taken_once(client: AsyncClient, team: int) -> None:
    """201, then 409 for anybody else."""
    place, ben, kim = await _incident(client, team), *await _two(client, team)
    assert [await _take(client, place, each) for each in (ben, kim)] == [201, 409]
    assert (await client.get(place)).json()["status"] == "acknowledged"


async def test_whoever_has_it_may_ask_again(client: AsyncClient, team: int) -> None:
    """200 with what is stored: the first answer may have been lost."""
    place, ben = await _incident(client, team), await _user(client, team, "ben")
    twice = [await client.post(f"{place}/acknowledgements", json={"user_id": ben}) for _ in "12"]
    assert [each.status_code for each in twice] == [201, 200]
    assert twice[0].json() == twice[1].json()


async def test_what_is_resolved_is_not_taken(client: AsyncClient, team: int) -> None:
    """409 for everybody, also for who had it; and it can be resolved twice."""
    place, ben, kim = await _incident(client, team), *await _two(client, team)
    await _take(client, place, ben)
    ended = [(await client.put(f"{place}/resolution")).status_code for _ in "12"]
    assert ended == [200, 200]
    assert [await _take(client, place, each) for each in (ben, kim)] == [409, 409]


async def test_what_is_opened_again_is_taken_again(
    client: AsyncClient, connection: AsyncConnection, team: int
) -> None:
    """By anybody, who is paged from then on."""
    place, ben, kim = await _incident(client, team), *await _two(client, team)
    await _take(client, place, ben)
    await connection.execute(text("UPDATE incident SET status = 'open'"))
    assert [await _take(client, place, each) for each in (kim, ben)] == [201, 409]
    assert (await client.get(f"{place}/responder")).json()["id"] == kim


async def test_nobody_takes_an_incident_who_is_not_there(client: AsyncClient, team: int) -> None:
    """409: the incident is there, and the body names nobody."""
    assert await _take(client, await _incident(client, team), 2**31 - 1) == 409


async def test_another_team_takes_no_incident(client: AsyncClient, team: int) -> None:
    """409, as for somebody who is not there, and it stays open."""
    place = await _incident(client, team)
    ask_as(client, other := await add_team("day"))
    stranger = {"user_id": await _user(client, other, "kim")}
    ask_as(client, team)
    assert (await client.post(f"{place}/acknowledgements", json=stranger)).status_code == 409
    assert (await client.get(place)).json()["status"] == "open"


async def test_the_first_member_is_paged_first(client: AsyncClient, team: int) -> None:
    """The rule of the pager, through HTTP."""
    responder = await client.get(f"{await _incident(client, team)}/responder")
    assert responder.json()["name"] == "ada"


async def test_whoever_took_it_stays_the_one_who_is_paged(
    client: AsyncClient, connection: AsyncConnection, team: int
) -> None:
    """Also when the turns of everybody else are over."""
    place, ben, _ = await _incident(client, team), *await _two(client, team)
    await _take(client, place, ben)
    await connection.execute(text("UPDATE incident SET opened_at = now() - interval '26 minutes'"))
    assert (await client.get(f"{place}/responder")).json()["name"] == "ben"


async def test_leads_are_paged_after_members(
    client: AsyncClient, connection: AsyncConnection, team: int
) -> None:
    """Ada, who was the first, leads now."""
    place, ben = await _incident(client, team), await _user(client, team, "ben")
    [ada] = [each for each in (await client.get("/users")).json() if each["id"] != ben]
    changed = await client.put(f"/users/{ada['id']}/role", json={"role": "lead"})
    assert changed.json() == ada | {"role": "lead"}
    assert (await client.get(f"{place}/responder")).json()["name"] == "ben"
    await connection.execute(text("UPDATE incident SET opened_at = now() - interval '6 minutes'"))
    assert (await client.get(f"{place}/responder")).json()["name"] == "ada"


async def test_nobody_is_paged_for_what_is_resolved(client: AsyncClient, team: int) -> None:
    """404, with a sentence that names it."""
    place = await _incident(client, team)
    await client.put(f"{place}/resolution")
    answer = await client.get(f"{place}/responder")
    assert (answer.status_code, place.rpartition("/")[2] in answer.json()["detail"]) == (404, True)


async def test_what_is_not_resolved_is_listed_from_its_newest(
    client: AsyncClient, team: int
) -> None:
    """Three of one moment, one of them over, and a page that begins before an incident."""
    places = [await _incident(client, team, dedupe_key=key) for key in ("a", "b", "c", "d")]
    ids = [int(place.rpartition("/")[2]) for place in places]
    await client.put(f"{places[1]}/resolution")
    pages = [
        (await client.get(f"/incidents/unresolved{query}")).json()
        for query in ("", "?limit=1", f"?before={ids[3]}", f"?before={ids[0]}")
    ]
    shown = [[each["id"] for each in page] for page in pages]
    assert shown == [[ids[3], ids[2], ids[0]], [ids[3]], [ids[2], ids[0]], []]


@pytest.mark.parametrize("query", ["", "?before=1"])
async def test_the_list_of_what_is_not_resolved_has_an_index(
    client: AsyncClient, connection: AsyncConnection, team: int, query: str
) -> None:
    """PostgreSQL reads it from its end, however many incidents there are."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    event.listen(
        connection.sync_connection,
        "before_cursor_execute",
        lambda _connection, _cursor, sql, values, *_: sent.append((sql, values)),
    )
    await client.get(f"/incidents/unresolved{query}")
    for name in ("enable_seqscan", "enable_sort"):
        await connection.execute(text(f"SET LOCAL {name} = off"))
    [(sql, values)] = [each for each in sent if "incident" in each[0]]
    plan = await connection.exec_driver_sql(f"EXPLAIN {sql}", values)
    assert "Backward using ix_incident_unresolved" in "".join(plan.scalars())


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "/responder"), ("PUT", "/resolution")]
)
async def test_an_incident_that_is_not_there_is_a_404(
    client: AsyncClient, team: int, method: str, path: str
) -> None:
    """With a sentence that names it."""
    answer = await client.request(method, f"/incidents/7{path}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no incident 7.")
