"""Many alerts in one request: the same as each of them alone, and nothing good is lost."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database, ndjson
from app.failures import copying, passes, sqlstate
from app.repositories import alerts, incidents
from app.routers import alerts as router
from tests.conftest import add_team, ask_as, own_team
from tests.test_events import line

KINDS: dict[str, Any] = {"title": "Disk is full", "severity": "minor"}
PLACE = "/alerts/bulk"


def alert(team: int, key: str, **change: object) -> dict[str, Any]:
    """What a monitor sends."""
    return KINDS | {"team_id": team, "dedupe_key": key} | change


def written(*sent: dict[str, Any] | str) -> bytes:
    """One object a line."""
    return "".join(
        f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in sent
    ).encode()


def summary(answer: Any) -> tuple[int, int, int]:
    """How many lines there were, how many were new, how many were refused."""
    assert answer.status_code == 200, answer.text
    said = answer.json()
    return said["lines"], said["new"], said["refused"]


async def all_of(engine: AsyncEngine, team: int) -> list[list[tuple[object, ...]]]:
    """What a team has, but for what no two teams have alike: ids and moments."""
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT set_config('app.team', '{team}', true)"))
        return [[tuple(row) for row in await connection.execute(text(sql))] for sql in SEEN]


SEEN = (
    "SELECT title, severity, status FROM incident ORDER BY 1, 2, 3",
    "SELECT dedupe_key, alert.payload, title, received_at = opened_at"
    " FROM alert LEFT JOIN incident ON incident.id = incident_id ORDER BY 1",
    "SELECT dedupe_key, title, severity, payload FROM event ORDER BY id",
)


async def test_it_is_the_same_as_each_alone(live: AsyncClient, engine: AsyncEngine) -> None:
    """What is new, what comes twice, what gets worse, what comes back, and what stays as it is."""
    teams = [await own_team(live), await add_team("day")]
    for team in teams:
        ask_as(live, team)
        for key in ("known", "worse", "milder", "over", "over twice"):
            severity = "major" if key == "milder" else "minor"
            opened = await live.post("/alerts", json=alert(team, key, severity=severity))
            if "over" in key:
                await live.put(f"/incidents/{opened.json()['incident_id']}/resolution")
        sent = [
            alert(team, "new", payload={"host": "db-1", "ü": [1.5, None]}),
            alert(team, "new", title="again", payload={"n": 2}),
            alert(team, "twice", severity="major"),
            alert(team, "twice", severity="critical"),
            alert(team, "twice", severity="minor"),
            alert(team, "known"),
            alert(team, "worse", severity="critical", title="worse"),
            alert(team, "milder"),
            alert(team, "over", title="back", payload={"n": 1}),
            alert(team, "over twice", title="back twice", severity="major"),
            alert(team, "over twice", title="not opened", severity="critical"),
        ]
        if team == teams[0]:
            for each in sent:
                assert (await live.post("/alerts", json=each)).status_code in (200, 201)
        else:
            assert summary(await live.post(PLACE, content=written(*sent))) == (11, 2, 0)
    one_by_one, together = [await all_of(engine, team) for team in teams]
    assert together == one_by_one
    assert [len(rows) for rows in together] == [9, 7, 16]


async def test_what_is_wrong_is_named_by_its_line(live: AsyncClient) -> None:
    """And the others count, also the last one, which does not end."""
    team = await own_team(live)
    sent = written(
        alert(team, "a"),
        "",
        '{"team_id": ',
        alert(team, "b", severity="high"),
        "   ",
        alert(team + 1, "c"),
        alert(team, "d", x=1),
        "null",
        alert(team, "e"),
    ).rstrip()
    answer = await live.post(PLACE, content=sent)
    assert summary(answer) == (7, 2, 5)
    errors = {each["line"]: each["message"] for each in answer.json()["errors"]}
    assert list(errors) == [3, 4, 6, 7, 8]
    assert errors[3].startswith("Invalid JSON")
    assert errors[4].startswith("severity: ") and "high" not in errors[4]
    assert errors[6] == "That belongs to another team, or there is no such team."
    assert errors[7].startswith("x: ")
    keys = {each["dedupe_key"] for each in (await live.get("/events")).json()}
    assert keys == {"a", "e"}


async def test_an_answer_does_not_grow_with_what_is_wrong(client: AsyncClient, team: int) -> None:
    """The first twenty are named, and all are counted."""
    wrong = {"a" * 1000: 1}
    answer = await client.post(PLACE, content=written(*[alert(team, "a") | wrong] * 50))
    assert summary(answer) == (50, 0, 50)
    assert [each["line"] for each in answer.json()["errors"]] == list(range(1, 21))
    assert len(answer.content) < 20 * 300


async def test_nothing_is_nothing(client: AsyncClient, team: int) -> None:
    """No line, and no statement."""
    assert summary(await client.post(PLACE, content=b"")) == (0, 0, 0)


async def test_a_file_that_is_sent_again_opens_nothing(live: AsyncClient) -> None:
    """Whoever had no answer may ask again."""
    team = await own_team(live)
    sent = written(*[alert(team, f"key-{number}") for number in range(10)])
    assert summary(await live.post(PLACE, content=sent)) == (10, 10, 0)
    assert summary(await live.post(PLACE, content=sent)) == (10, 0, 0)
    assert len((await live.get("/incidents/unresolved")).json()) == 10


async def test_a_request_may_be_larger_than_others(live: AsyncClient) -> None:
    """It is read in batches, each with its own unit of work."""
    team, count = await own_team(live), 2 * ndjson.BATCH // ndjson.LEAST + 1
    sent = written(*[alert(team, f"key-{number}") for number in range(count)])
    assert len(sent) > 2 * 64 * 1024
    assert summary(await live.post(PLACE, content=sent)) == (count, count, 0)
    resolved = await live.get("/incidents/unresolved?limit=100")
    assert len(resolved.json()) == 100


async def test_but_not_larger_than_all_disks(client: AsyncClient, team: int) -> None:
    """413 for what would be."""
    headers = {"content-length": str(router.LARGEST + 1)}
    assert (await client.post(PLACE, content=b"", headers=headers)).status_code == 413


async def test_a_line_has_an_end(client: AsyncClient, team: int) -> None:
    """What is longer is refused as one line, and what comes behind it counts."""
    long = alert(team, "long", payload={"x": "x" * (3 * ndjson.LONGEST)})
    answer = await client.post(PLACE, content=written(long, alert(team, "a")))
    assert summary(answer) == (2, 1, 1)
    [error] = answer.json()["errors"]
    assert error == {"line": 1, "message": "A line has 65536 bytes at most."}


async def cut(sent: bytes, size: int) -> AsyncIterator[bytes]:
    """As a network may bring it."""
    for begin in range(0, len(sent), size):
        yield sent[begin : begin + size]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
async def test_lines_are_whole_however_they_come(size: int) -> None:
    """And keep their numbers."""
    found = [each async for each in ndjson.lines(cut(b"ab\n\ncd\r\n \nefg", size))]
    assert found == [(1, b"ab"), (3, b"cd\r"), (5, b"efg")]


async def test_a_line_that_does_not_end_takes_no_memory() -> None:
    """What is beyond the longest is thrown away."""
    [found] = [each async for each in ndjson.lines(cut(b"x" * 10**6, 1000))]
    assert len(found.text) == ndjson.LONGEST + 1


@pytest.mark.parametrize(("size", "most"), [(10, ndjson.BATCH // ndjson.LEAST), (1000, 132)])
async def test_a_batch_is_bounded_in_bytes_and_in_lines(size: int, most: int) -> None:
    """Each line is work, however short it is."""
    sent = (b"x" * size + b"\n") * 5000
    sizes = [len(batch) async for batch in ndjson.batches(cut(sent, 1000))]
    assert sum(sizes) == 5000
    assert set(sizes[:-1]) == {most}


async def test_a_batch_that_lost_its_connection_is_tried_again(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COPY passes SQLAlchemy by; what fails there is what fails elsewhere."""
    lost: list[bool] = []

    @asynccontextmanager
    async def failing(connection: AsyncConnection) -> AsyncIterator[asyncpg.Connection]:
        async with copying(connection) as driver:
            if not lost:
                lost.append(True)
                driver.terminate()
            yield driver

    monkeypatch.setattr(alerts, "copying", failing)
    team = await own_team(live)
    assert summary(await live.post(PLACE, content=written(alert(team, "a")))) == (1, 1, 0)
    assert lost and len((await live.get("/events")).json()) == 1


async def test_what_postgresql_refuses_in_a_copy_is_an_error_of_ours(live: AsyncClient) -> None:
    """With its SQLSTATE, so that it is known what passes, and what is to be waited for."""

    async def work(session: Any) -> None:
        async with copying(await session.connection()) as driver:
            await driver.copy_records_to_table("alert", records=[])

    with pytest.raises(DBAPIError) as refused:
        await database.transact(work)
    assert sqlstate(refused.value) == "0A000"
    assert not refused.value.connection_invalidated


async def test_a_copy_without_an_answer_may_be_tried_again(live: AsyncClient) -> None:
    """As every statement that met silence."""

    async def work(session: Any) -> None:
        async with copying(await session.connection()):
            raise TimeoutError

    with pytest.raises(DBAPIError) as silent:
        async with database.session_factory.begin() as session:
            await work(session)
    assert passes(silent.value)


async def test_of_a_batch_that_fails_nothing_stays(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the alert, which came by COPY, nor its incident, nor what was said."""
    team = await own_team(live)

    async def fails(_: object) -> None:
        raise LookupError

    monkeypatch.setattr(incidents, "changed", fails)
    answer = await live.post(PLACE, content=written(alert(team, "a", payload={"host": "a"})))
    assert answer.status_code == 500
    for path in ("/events", "/incidents", "/alerts?host=a"):
        assert (await live.get(path)).json() == []


async def test_two_at_once_store_each_key_once(live: AsyncClient) -> None:
    """In whatever order each of them has it."""
    team = await own_team(live)
    sent = [alert(team, f"key-{number}") for number in range(200)]
    answers = await asyncio.gather(
        *[live.post(PLACE, content=written(*each)) for each in (sent, sent[::-1])]
    )
    assert sum(summary(each)[1] for each in answers) == 200
    assert len((await live.get("/incidents?limit=100&after=0")).json()) == 100
    assert len((await live.get("/events?limit=100")).json()) == 100


async def first_events(live: AsyncClient) -> Any:
    """What there is, as soon as there is something."""
    async with asyncio.timeout(10):
        while True:
            if found := (await live.get("/events")).json():
                return found
            await asyncio.sleep(0.05)


async def test_what_came_before_the_client_has_gone_stays(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Batch for batch; of the last one, that is not whole, there is nothing, and no error."""
    caplog.set_level(logging.INFO, "nightwatch")
    team = await own_team(live)
    monkeypatch.setattr(ndjson, "BATCH", 2 * ndjson.LEAST)
    sent = written(*[alert(team, key) for key in "abc"])
    head = f"POST {PLACE} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
    head += f"Authorization: {live.headers['authorization']}\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", live.base_url.port)
    writer.write(head.encode() + sent + b'{"team_id": 1')
    await writer.drain()
    found = await first_events(live)
    writer.close()
    served = await line(caplog, PLACE)
    assert served["status"] == 400
    assert [each["dedupe_key"] for each in found] == ["b", "a"]
    assert (await live.get("/events")).json() == found
    assert "failed" not in caplog.messages
