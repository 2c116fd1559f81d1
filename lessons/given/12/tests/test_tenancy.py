"""Two teams in one database: neither sees, changes, counts or guesses what the other has."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import HTTPException
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database, new_team, worker
from app.database import Base
from app.models import Page
from app.role import Unheld
from app.routers import health
from tests.conftest import add_team, ask_as

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
EVERY_TABLE = pytest.mark.parametrize("table", Base.metadata.tables)


class Both:
    """Two teams, each with a user, an alert and its incident, that the user has taken."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.rows: dict[int, dict[str, int]] = {}
        """Team → noun → id."""

    async def fill(self, name: str) -> int:
        """Make a team, and all that belongs to it; it is the one that asks afterwards."""
        ask_as(self.client, team := await add_team(name))
        user = {"name": name, "email": "ada@x.test", "login": "ada", "team_id": team}
        user_id: int = (await self.client.post("/users", json=user)).json()["id"]
        alert = (await self.client.post("/alerts", json=ALERT | self.sent(team))).json()
        self.rows[team] = {"teams": team, "users": user_id, "incidents": alert["incident_id"]}
        await self.client.post(f"{self.place(team)}/acknowledgements", json={"user_id": user_id})
        page = Page(incident_id=alert["incident_id"], user_id=user_id)
        await database.transact(lambda session: _add(session, page))
        return team

    def place(self, team: int) -> str:
        """Where its incident is."""
        return f"/incidents/{self.rows[team]['incidents']}"

    @staticmethod
    def sent(team: int) -> dict[str, Any]:
        """What only this team has sent."""
        return {"team_id": team, "payload": {"host": "db-1", "secret": f"of team {team}"}}


async def _add(session: Any, row: object) -> None:
    session.add(row)


@pytest.fixture
async def both(client: AsyncClient) -> Both:
    """Day, and night, which asks."""
    both = Both(client)
    for name in ("day", "night"):
        await both.fill(name)
    return both


async def as_team(connection: AsyncConnection, team: int | None) -> None:
    """Hold the test's transaction to a team, or to none."""
    database.TEAM.set(team)
    await database.hold(connection)


async def test_a_list_has_ones_own_rows(both: Both) -> None:
    """Of each noun one, where the database has two."""
    for team, rows in both.rows.items():
        ask_as(both.client, team)
        for noun, id_ in rows.items():
            assert [each["id"] for each in (await both.client.get(f"/{noun}")).json()] == [id_]
        [alert] = (await both.client.get("/alerts?host=db-1")).json()
        assert alert["payload"] == both.sent(team)["payload"]
        [incident] = (await both.client.get("/incidents/unresolved")).json()
        assert incident["id"] == rows["incidents"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/teams/{teams}", None),
        ("GET", "/users/{users}", None),
        ("PUT", "/users/{users}/role", {"role": "lead"}),
        ("GET", "/incidents/{incidents}", None),
        ("GET", "/incidents/{incidents}/responder", None),
        ("PUT", "/incidents/{incidents}/resolution", None),
        ("POST", "/incidents/{incidents}/acknowledgements", {"user_id": 1}),
        ("POST", "/incidents/{incidents}/claim", {"user_id": 1, "version": 2}),
    ],
)
async def test_what_another_team_has_is_not_there(
    both: Both, method: str, path: str, body: dict[str, object] | None
) -> None:
    """404, word for word as for an id that nobody has; and nothing of it has changed."""
    day, night = both.rows
    before = await _seen_by(both, day)
    ask_as(both.client, night)
    answers = []
    for ids in (both.rows[day], dict.fromkeys(both.rows[day], 2**31 - 1)):
        answer = await both.client.request(method, path.format(**ids), json=body)
        assert answer.status_code == 404
        answers.append(answer.text)
    assert len({_without(each, both.rows[day]) for each in answers}) == 1
    assert await _seen_by(both, day) == before


def _without(answer: str, ids: dict[str, int]) -> str:
    for each in {*map(str, ids.values())}:
        answer = answer.replace(f" {each}.", " ID.")
    return answer.replace(f" {2**31 - 1}.", " ID.")


async def _seen_by(both: Both, team: int) -> list[str]:
    ask_as(both.client, team)
    places = ["/users", "/incidents", f"{both.place(team)}/responder", "/alerts?host=db-1"]
    return [(await both.client.get(each)).text for each in places]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/users", {"name": "b", "email": "ben@x.test", "login": "b"}), ("/alerts", ALERT)],
    ids=["a user", "an alert that is there"],
)
async def test_nothing_is_put_into_another_team(
    both: Both, path: str, body: dict[str, object]
) -> None:
    """403, the same as for a team that does not exist."""
    day, _ = both.rows
    answers = [
        await both.client.post(path, json=body | {"team_id": team}) for team in (day, 2**31 - 1)
    ]
    assert [each.status_code for each in answers] == [403, 403]
    assert answers[0].text == answers[1].text


async def test_a_member_of_another_team_takes_nothing(both: Both) -> None:
    """409, as for somebody who is not there."""
    day, night = both.rows
    seen = (await both.client.get(both.place(night))).json()
    for user_id in (both.rows[day]["users"], 2**31 - 1):
        said = {"user_id": user_id, "version": seen["version"]}
        answer = await both.client.post(f"{both.place(night)}/claim", json=said)
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            f"There is no user {user_id}.",
        )


async def test_several_at_once_are_ones_own_or_none(both: Both) -> None:
    """404 where one is another team's, and then nothing is resolved."""
    day, night = both.rows
    ids = [both.rows[each]["incidents"] for each in (night, day)]
    answer = await both.client.put("/incidents/unresolved/resolutions", json={"ids": ids})
    assert answer.status_code == 404
    for team in both.rows:
        ask_as(both.client, team)
        assert (await both.client.get(both.place(team))).json()["status"] == "acknowledged"


async def test_an_email_of_another_team_is_free(both: Both) -> None:
    """A 409 would tell that somebody is there."""
    new = {"name": "b", "email": "only@x.test", "login": "b"}
    for team in both.rows:
        ask_as(both.client, team)
        assert (await both.client.post("/users", json=new | {"team_id": team})).status_code == 201


@EVERY_TABLE
async def test_a_query_without_a_condition_has_ones_own_rows(
    both: Both, connection: AsyncConnection, table: str
) -> None:
    """What code forgets, the table does not; and where nobody asks, there is nothing."""
    column = "id" if table == "team" else "team_id"
    for team in (*both.rows, None):
        await as_team(connection, team)
        for counted in await connection.scalars(text(f"SELECT {column} FROM {table}")):
            assert counted == team
        count = await connection.scalar(text(f"SELECT count(*) FROM {table}"))
        assert count == (0 if team is None else 1)


@EVERY_TABLE
async def test_a_change_without_a_condition_changes_ones_own_rows(
    both: Both, connection: AsyncConnection, table: str
) -> None:
    """And none where nobody asks; nor is a row given to another team."""
    day, night = both.rows
    column = "id" if table == "team" else "team_id"
    for team, rows in ((None, 0), (night, 1)):
        await as_team(connection, team)
        changed = await connection.execute(text(f"UPDATE {table} SET {column} = {column}"))
        assert changed.rowcount == rows
    with pytest.raises(DBAPIError, match="row-level security"):
        await connection.execute(text(f"UPDATE {table} SET {column} = {day}"))


@pytest.mark.parametrize("column", ["incident_id", "user_id"])
@pytest.mark.parametrize("table", ["alert", "acknowledgement", "page"])
async def test_a_key_to_a_row_of_another_team_is_refused(
    both: Both, connection: AsyncConnection, table: str, column: str
) -> None:
    """PostgreSQL checks a key without any policy: the team is a part of it."""
    if (table, column) == ("alert", "user_id"):
        return
    day, night = both.rows
    await as_team(connection, night)
    theirs = both.rows[day]["users" if column == "user_id" else "incidents"]
    with pytest.raises(IntegrityError, match=f"fk_{table}_team_id_{column}"):
        await connection.execute(text(f"UPDATE {table} SET {column} = {theirs}"))


async def test_nothing_stays_with_a_connection(engine: AsyncEngine, live: AsyncClient) -> None:
    """Who gets it next is in no team, whether the work before ended well or badly."""

    async def fails(_: object) -> None:
        raise LookupError

    await database.transact(lambda session: session.scalar(text("SELECT 1")))
    for do in (database.transact, database.read):
        with pytest.raises(LookupError):
            await do(fails)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_setting('app.team', true)")) in (
            "",
            None,
        )
        assert await connection.scalar(text("SELECT count(*) FROM team")) == 0


async def test_each_attempt_is_held_to_the_team(live: AsyncClient) -> None:
    """Work that is done again is no less held than at first."""
    seen: list[str] = []
    again = [DBAPIError("", {}, OSError(), connection_invalidated=True)]

    async def work(session: Any) -> None:
        seen.append(await session.scalar(text("SELECT current_setting('app.team')")))
        if again:
            raise again.pop()

    await database.transact(work)
    assert len(seen) == 2 and len(set(seen)) == 1 and seen[0]


MANY = """
INSERT INTO alert (dedupe_key, payload, team_id)
SELECT n, jsonb_build_object('host', 'host-' || n), current_setting('app.team')::int
FROM generate_series(1, 2000) n"""


async def test_the_host_of_an_alert_is_found_by_an_index(
    both: Both, connection: AsyncConnection
) -> None:
    """Also under a policy: to compare texts tells nothing of rows that are not shown."""
    for sql in (MANY, "SET LOCAL ROLE NONE", "ANALYZE alert", "RESET ROLE"):
        await connection.execute(text(sql))
    query = "SELECT id FROM alert WHERE host = 'db-1' ORDER BY id DESC LIMIT 50"
    plan = "".join(await connection.scalars(text(f"EXPLAIN {query}")))
    assert "using ix_alert_host" in plan, plan
    assert "(host = 'db-1'::text)" in plan.partition("Index Cond")[2]


@pytest.fixture
async def unheld(owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Lets the app work as somebody whom the policies of a team do not hold; it is undone."""
    async with owner.connect() as connection:
        await connection.execute(text("ALTER TABLE team NO FORCE ROW LEVEL SECURITY"))
        ours = SimpleNamespace(connect=lambda: nullcontext(connection))
        monkeypatch.setitem(database.session_factory.kw, "bind", connection)
        monkeypatch.setattr(database, "readers", ours)
        monkeypatch.setattr(health, "probe", ours)
        yield
        await connection.rollback()


@pytest.mark.parametrize(
    ("begin", "error"),
    [
        (lambda: new_team.found("night", "lea@x.test", "a long word of hers"), Unheld),
        (lambda: worker.go_round(asyncio.Event(), worker.tell, {}), Unheld),
        (health.readyz, HTTPException),
    ],
    ids=["a new team", "the worker", "readiness"],
)
async def test_a_login_that_no_policy_holds_is_refused(
    unheld: None,
    caplog: pytest.LogCaptureFixture,
    begin: Callable[[], Awaitable[object]],
    error: type[Exception],
) -> None:
    """Each team would see the rows of all; whoever asks, or the log, hears why not."""
    with pytest.raises(error) as refused:
        await begin()
    causes = [vars(each)["fields"]["cause"] for each in caplog.records]
    assert "DATABASE_URL" in f"{refused.value} {causes}"
