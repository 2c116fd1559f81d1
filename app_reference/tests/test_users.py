"""Users: their queries, and what the app answers."""

import pytest
from httpx import AsyncClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.repositories import users
from app.schemas import UserIn


def new_user(team: int, login: str) -> UserIn:
    """What a client would send."""
    return UserIn(name=login.title(), email=f"{login}@x.test", login=login, team_id=team)


async def test_a_page_begins_after_an_id_and_ends_at_its_limit(
    session: AsyncSession, team: int
) -> None:
    """Keyset paging, in the order of the ids."""
    four = [await users.add(session, new_user(team, login)) for login in ("a", "b", "c", "d")]
    assert await users.page(session, after=four[0].id, limit=2) == four[1:3]


async def test_two_users_cannot_have_one_email(session: AsyncSession, team: int) -> None:
    """The constraint says no, whoever asks."""
    await users.add(session, new_user(team, "zoe"))
    with pytest.raises(IntegrityError, match="uq_user_account_team_id_email"):
        await users.add(session, new_user(team, "zoe"))


async def test_a_new_user_is_shown_as_it_was_stored(client: AsyncClient, team: int) -> None:
    """201, and the same again from its address."""
    made = await client.post("/users", json=new_user(team, "zoe").model_dump())
    assert (made.status_code, made.json()["email"]) == (201, "zoe@x.test")
    assert (await client.get(f"/users/{made.json()['id']}")).json() == made.json()


async def test_a_taken_email_is_a_conflict_in_any_letters(client: AsyncClient, team: int) -> None:
    """409, and the first one stays the only one."""
    new = new_user(team, "zoe").model_dump()
    assert (await client.post("/users", json=new)).status_code == 201
    again = await client.post("/users", json=new | {"email": "ZOE@x.test"})
    assert (again.status_code, again.json()["detail"]) == (409, "There is a user with this email.")
    assert len((await client.get("/users")).json()) == 1


async def test_a_user_of_no_team_is_refused(client: AsyncClient, team: int) -> None:
    """403, as for another team: nobody learns which teams there are."""
    new = new_user(team, "zoe").model_dump() | {"team_id": team + 1}
    assert (await client.post("/users", json=new)).status_code == 403


async def test_a_role_of_nobody_is_a_404(client: AsyncClient, team: int) -> None:
    """The address names the user."""
    assert (await client.put("/users/7/role", json={"role": "lead"})).status_code == 404


@pytest.mark.parametrize(
    "path", ["/users/0", "/users/2147483648", "/users?limit=-1", "/users/x", "/users?role=lead"]
)
async def test_what_cannot_be_meant_is_refused_with_a_reason(
    client: AsyncClient, team: int, path: str
) -> None:
    """422, and the field is named."""
    answer = await client.get(path)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 1)


async def test_nobody_sees_what_another_test_has_stored(client: AsyncClient, team: int) -> None:
    """Each test begins with no user at all."""
    assert (await client.get("/users")).json() == []
