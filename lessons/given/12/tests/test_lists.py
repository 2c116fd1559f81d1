"""Lists and single things, the same for each noun: which rows, in which order, how many."""

import pytest
from httpx import AsyncClient
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.models import Incident, User
from app.repositories import incidents
from tests.conftest import add_team

TABLES = {"users": "user_account", "incidents": "incident"}
each_noun = pytest.mark.parametrize("noun", TABLES)


@pytest.fixture
async def ids(session: AsyncSession, team: int, noun: str) -> list[int]:
    """The ids of 52 things of a team; on the disk, the first of them lies behind the others."""
    for number in range(52):
        user = User(name="Zoë", login="zoe", email=f"zoe{number}@x.test", team_id=team)
        session.add_all([user, Incident(title="Disk is full", severity="major", team_id=team)])
    await session.commit()
    table = TABLES[noun]
    ids = list(await session.scalars(text(f"SELECT id FROM {table} ORDER BY id")))
    await session.execute(text(f"UPDATE {table} SET id = id WHERE id = {ids[0]}"))
    await session.commit()
    return ids


@each_noun
async def test_a_page_goes_on_after_an_id(client: AsyncClient, noun: str, ids: list[int]) -> None:
    """In the order of the ids, fifty where nothing else is said."""
    first = (await client.get(f"/{noun}")).json()
    rest = (await client.get(f"/{noun}", params={"after": first[-1]["id"]})).json()
    assert [each["id"] for each in first] == ids[:50]
    assert [each["id"] for each in rest] == ids[50:]
    [one] = (await client.get(f"/{noun}", params={"limit": 1})).json()
    assert one == first[0]


@each_noun
@pytest.mark.parametrize(("limit", "status"), [(0, 422), (1, 200), (100, 200), (101, 422)])
async def test_a_page_has_a_limit(
    client: AsyncClient, team: int, noun: str, limit: int, status: int
) -> None:
    """So that nobody asks for a million."""
    assert (await client.get(f"/{noun}", params={"limit": limit})).status_code == status


@each_noun
async def test_one_of_many_is_found(client: AsyncClient, noun: str, ids: list[int]) -> None:
    """As the list shows it, and a 404 with a sentence for one that is not there."""
    listed = (await client.get(f"/{noun}")).json()
    assert (await client.get(f"/{noun}/{ids[1]}")).json() == listed[1]
    missing = await client.get(f"/{noun}/{ids[-1] + 1}")
    sentence = f"There is no {noun.removesuffix('s')} {ids[-1] + 1}."
    assert (missing.status_code, missing.json()["detail"]) == (404, sentence)


@pytest.mark.parametrize("noun", ["incidents"])
async def test_what_began_at_one_moment_is_listed_from_the_last_id(
    client: AsyncClient, ids: list[int]
) -> None:
    """So that a page that begins before one of them leaves out nothing."""
    listed = (await client.get("/incidents/unresolved", params={"limit": 100})).json()
    assert [each["id"] for each in listed] == ids[::-1]


async def test_a_team_sees_itself_and_no_other(client: AsyncClient, team: int) -> None:
    """In the list, by its id, and as a 404 that is the same for a team that is not there."""
    other = await add_team("day")
    assert [each["id"] for each in (await client.get("/teams")).json()] == [team]
    assert (await client.get(f"/teams/{team}")).json() == {"id": team, "name": "night"}
    for missing in (other, 2**31 - 1):
        answer = await client.get(f"/teams/{missing}")
        assert (answer.status_code, answer.json()["detail"]) == (
            404,
            f"There is no team {missing}.",
        )


async def test_whoever_changes_an_incident_holds_up_nobody_who_refers_to_it(
    session: AsyncSession, connection: AsyncConnection
) -> None:
    """Its key stays as it is, and the lock says so: new alerts need not wait."""
    sent: list[str] = []
    event.listen(
        connection.sync_connection,
        "before_cursor_execute",
        lambda _connection, _cursor, sql, *_: sent.append(sql),
    )
    await incidents.get_to_change(session, 1)
    assert sent[-1].endswith("FOR NO KEY UPDATE")


@each_noun
@pytest.mark.parametrize(("id_", "status"), [(0, 422), (1, 404), (2**31 - 1, 404), (2**31, 422)])
async def test_an_id_fits_its_column(
    client: AsyncClient, team: int, noun: str, id_: int, status: int
) -> None:
    """What cannot be there is refused before PostgreSQL is asked, here and after `after`."""
    assert (await client.get(f"/{noun}/{id_}")).status_code == status
    after = await client.get(f"/{noun}", params={"after": id_})
    assert after.status_code == (422 if id_ == 2**31 else 200)
