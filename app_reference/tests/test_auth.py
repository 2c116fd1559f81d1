"""Who asks: passwords, tokens, their keys and their end."""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from httpx import AsyncClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from app import auth, database, new_team, passwords
from app.main import app
from app.repositories import users
from app.routers import tokens
from tests.conftest import add_team, ask_as

PASSWORD = "a long word of Lea's"
OPEN = {"/livez", "/readyz", "/token"}
OTHER = "a key that was there before, and is no more"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little: tests make many, and nobody attacks them."""
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "ARGON2", weak)
    monkeypatch.setattr(passwords, "NOBODY", weak.hash(PASSWORD))


STORED = passwords.NOBODY


def test_a_stored_hash_costs_an_attacker_memory_and_time() -> None:
    """Argon2id as OWASP wants it, or more."""
    memory, passes = re.findall(r"m=(\d+),t=(\d+)", STORED)[0]
    assert STORED.startswith("$argon2id$")
    assert (int(memory), int(passes)) >= (19 * 1024, 2)


@pytest.fixture
async def lea(client: AsyncClient) -> users.Shown:
    """The lead of a new team, who has a password; nobody asks yet."""
    lead = await new_team.found("night", "lea@x.test", PASSWORD)
    database.TEAM.set(None)
    return lead


async def log_in(client: AsyncClient, username: str, password: str = PASSWORD) -> int:
    """Ask for a token, and use it from now on; the status of the answer."""
    answer = await client.post("/token", data={"username": username, "password": password})
    if answer.status_code == 200:
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    return answer.status_code


async def test_a_password_opens_the_rows_of_a_team(client: AsyncClient, lea: users.Shown) -> None:
    """With a token that nobody stores on the way."""
    form = {"username": f"{lea.team_id}/LEA@x.test", "password": PASSWORD}
    answer = await client.post("/token", data=form)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 1800)
    client.headers["authorization"] = f"Bearer {token['access_token']}"
    [user] = (await client.get("/users")).json()
    assert (user["id"], user["email"], user["role"]) == (lea.id, "lea@x.test", "lead")


async def test_whoever_is_not_known_hears_one_sentence(
    client: AsyncClient, lea: users.Shown
) -> None:
    """401, whatever is wrong: nobody learns which teams and which people there are."""
    day = await add_team("day")
    names = [
        "lea@x.test",
        f"{lea.team_id}/ben@x.test",
        f"{day}/lea@x.test",
        f"{day + 1}/lea@x.test",
    ]
    wrong = [(name, PASSWORD) for name in [*names, "9999999999/lea@x.test", "1/lea@x\0.test"]]
    wrong.append((f"{lea.team_id}/lea@x.test", "another word"))
    answers = [
        await client.post("/token", data={"username": name, "password": password})
        for name, password in wrong
    ]
    assert {each.status_code for each in answers} == {401}
    assert {each.headers["www-authenticate"] for each in answers} == {"Bearer"}
    assert len({each.text for each in answers}) == 1


async def test_more_than_two_threads_can_do_are_asked_to_come_again(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and before anything is looked at; whoever is done leaves their place."""
    monkeypatch.setattr(tokens, "LOGINS", asyncio.Semaphore(1))
    async with tokens.LOGINS:
        form = {"username": "nobody", "password": PASSWORD}
        answer = await client.post("/token", data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert [await log_in(client, "nobody") for _ in "12"] == [401, 401]


@pytest.mark.parametrize(("name", "password"), [("lea", r"\ud800"), (r"\ud800", PASSWORD)])
async def test_half_a_letter_is_no_fault_of_ours(
    client: AsyncClient, lea: users.Shown, name: str, password: str
) -> None:
    """401: a form may name a code that makes what no text can be."""
    fields = {"username": f"{lea.team_id}/{name}@x.test", "password": password}
    head = "--b\r\nContent-Disposition: form-data; name="
    body = "".join(f'{head}"{each}"\r\n\r\n{said}\r\n' for each, said in fields.items())
    kind = {"content-type": "multipart/form-data; boundary=b; charset=unicode_escape"}
    answer = await client.post("/token", content=f"{body}--b--\r\n", headers=kind)
    assert answer.status_code == 401


async def test_a_password_that_is_refused_is_not_shown() -> None:
    """Whoever makes a team has typed it where nobody could read along."""
    with pytest.raises(ValidationError, match="at least 12") as short:
        await new_team.found("night", "lea@x.test", "too short")
    assert "too short" not in str(short.value)


async def test_a_user_without_a_password_cannot_log_in(client: AsyncClient, team: int) -> None:
    """Also not with an empty one."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": team}
    await client.post("/users", json=ada)
    for password in (" ", "nobody has this password"):
        assert await log_in(client, f"{team}/ada@x.test", password) == 401


def signed(key: str = auth.SIGNING, **change: object) -> str:
    """A token, signed with this key."""
    claims = {"sub": "1", "team": 1, "exp": datetime.now(UTC) + timedelta(minutes=1)} | change
    return jwt.encode(claims, key, "HS256", {"kid": auth.name_of(key)})


def without(claim: str) -> str:
    """A token of ours that lacks a claim."""
    claims = {"sub": "1", "team": 1, "exp": datetime.now(UTC) + timedelta(minutes=1)}
    del claims[claim]
    return jwt.encode(claims, auth.SIGNING, "HS256", {"kid": auth.name_of(auth.SIGNING)})


WRONG = {
    "no token": "",
    "no JWT": "a.b.c",
    "another key": signed(OTHER),
    "another key by our name": jwt.encode(
        {"sub": "1", "team": 1, "exp": datetime.now(UTC) + timedelta(minutes=1)},
        OTHER,
        "HS256",
        {"kid": auth.name_of(auth.SIGNING)},
    ),
    "no key": jwt.encode({"sub": "1", "team": 1}, "", "none"),
    "over": signed(exp=datetime.now(UTC) - timedelta(seconds=1)),
    "without an end": without("exp"),
    "without a team": without("team"),
    "of nobody": without("sub"),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
async def test_a_token_that_is_not_ours_opens_nothing(client: AsyncClient, token: str) -> None:
    """401, and how to do better."""
    answer = await client.get("/users", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


ROUTES = [
    (method.upper(), path)
    for path, operations in app.openapi()["paths"].items()
    for method in operations
    if path not in OPEN
]


def test_there_is_something_to_be_kept_shut() -> None:
    """An empty list of routes would let the next test pass."""
    assert len(ROUTES) > 10


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_nothing_is_answered_without_a_token(
    client: AsyncClient, method: str, path: str
) -> None:
    """But health, and the token itself."""
    place = path.replace("{user_id}", "1").replace("{team_id}", "1").replace("{incident_id}", "1")
    assert (await client.request(method, place)).status_code == 401


async def test_a_key_is_changed_without_an_outage(
    client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens of the other key are accepted as long as it is named."""
    token = {"authorization": f"Bearer {signed(OTHER, team=team)}"}
    monkeypatch.setitem(auth.KEYS, auth.name_of(OTHER), OTHER)
    assert len((await client.get("/teams", headers=token)).json()) == 1
    monkeypatch.delitem(auth.KEYS, auth.name_of(OTHER))
    auth.checked.cache_clear()  # without its key, a process begins anew
    assert (await client.get("/teams", headers=token)).status_code == 401


async def test_a_token_ends_also_when_it_was_good_a_moment_before(
    client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its signature is checked once, its end each time."""
    ask_as(client, team)
    assert (await client.get("/teams")).status_code == 200
    later = time.time() + 60 * 30 + 1
    monkeypatch.setattr(auth, "time", lambda: later)
    assert (await client.get("/teams")).status_code == 401


def test_a_short_key_is_refused() -> None:
    """It could be tried out; and the key is not in the error."""
    with pytest.raises(ValidationError, match="at least 32") as short:
        auth.TokenSettings(token_key="short")
    assert "'short'" not in str(short.value)


async def test_one_changes_ones_own_password_with_the_current_one(
    client: AsyncClient, lea: users.Shown
) -> None:
    """And logs in with the new one."""
    name, place = f"{lea.team_id}/lea@x.test", f"/users/{lea.id}/password"
    new = "another long word"
    assert await log_in(client, name) == 200
    for current, status in (("wrong", 403), (PASSWORD, 204)):
        said = {"password": new, "current": current}
        assert (await client.put(place, json=said)).status_code == status
    assert [await log_in(client, name, each) for each in (PASSWORD, new)] == [401, 200]


async def test_a_first_password_is_given_by_anybody_of_the_team(
    client: AsyncClient, lea: users.Shown
) -> None:
    """Once: from then on it is its owner's, for a lead too. Who is not there has none."""
    ask_as(client, lea.team_id, lea.id)
    ids = [
        (await client.post("/users", json=_new(lea.team_id, login))).json()["id"] for login in "ab"
    ]
    said, other = {"password": PASSWORD}, {"password": "another long word"}
    for user_id, status in ((ids[0], 204), (2**31 - 1, 404)):
        assert (await client.put(f"/users/{user_id}/password", json=said)).status_code == status
    ask_as(client, lea.team_id, ids[0])
    assert (await client.put(f"/users/{ids[1]}/password", json=said)).status_code == 204
    assert await log_in(client, f"{lea.team_id}/b@x.test") == 200
    for asker in (ids[0], lea.id):
        ask_as(client, lea.team_id, asker)
        answer = await client.put(f"/users/{ids[1]}/password", json=other)
        assert (answer.status_code, "its owner changes it" in answer.text) == (403, True)
    assert await log_in(client, f"{lea.team_id}/b@x.test") == 200


async def test_who_makes_themselves_a_lead_takes_nobody_s_password(
    client: AsyncClient, lea: users.Shown
) -> None:
    """A role says who is paged, and opens no account."""
    ask_as(client, lea.team_id, lea.id)
    eve = (await client.post("/users", json=_new(lea.team_id, "eve"))).json()["id"]
    ask_as(client, lea.team_id, eve)
    assert (await client.put(f"/users/{eve}/role", json={"role": "lead"})).status_code == 200
    for current in ("", PASSWORD):
        taken = {"password": "a word that Eve knows", "current": current}
        answer = await client.put(f"/users/{lea.id}/password", json=taken)
        assert answer.status_code == 403
    assert await log_in(client, f"{lea.team_id}/lea@x.test") == 200


async def test_of_two_who_change_a_password_at_once_one_is_told(
    client: AsyncClient,
    lea: users.Shown,
    connection: AsyncConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the question and the change somebody else has changed it."""
    ask_as(client, lea.team_id, lea.id)
    first = passwords.ARGON2.hash("the first long word")

    async def meanwhile(password: str) -> str:
        change = "UPDATE user_account SET password_hash = $1 WHERE id = $2"
        await connection.exec_driver_sql(change, (first, lea.id))
        return passwords.ARGON2.hash(password)

    monkeypatch.setattr("app.routers.users.hashed", meanwhile)
    second = {"password": "the second long word", "current": PASSWORD}
    answer = await client.put(f"/users/{lea.id}/password", json=second)
    assert (answer.status_code, answer.json()["detail"][:8]) == (409, "Somebody")
    assert await log_in(client, f"{lea.team_id}/lea@x.test", "the first long word") == 200


async def test_a_password_that_is_taken_away_is_given_anew(
    client: AsyncClient, lea: users.Shown, connection: AsyncConnection
) -> None:
    """As README says for one that is forgotten."""
    ask_as(client, lea.team_id, lea.id)
    eve = (await client.post("/users", json=_new(lea.team_id, "eve"))).json()["id"]
    for sql in (
        f"SELECT set_config('app.team', '{lea.team_id}', true)",
        "UPDATE user_account SET password_hash = NULL WHERE email = 'lea@x.test'",
    ):
        await connection.exec_driver_sql(sql)
    assert await log_in(client, f"{lea.team_id}/lea@x.test") == 401
    ask_as(client, lea.team_id, eve)
    said = {"password": "another long word"}
    assert (await client.put(f"/users/{lea.id}/password", json=said)).status_code == 204
    assert await log_in(client, f"{lea.team_id}/lea@x.test", said["password"]) == 200


def _new(team_id: int, login: str) -> dict[str, object]:
    return {"name": login, "email": f"{login}@x.test", "login": login, "team_id": team_id}
