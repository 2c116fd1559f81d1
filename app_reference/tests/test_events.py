"""The history of a team: by pages that stand still while it grows, and all of it at once."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import httpx
import pytest
from httpx import AsyncClient
from sqlalchemy import event as sent_by
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import cursor
from app.repositories import events as stored
from app.routers import events
from app.schemas import History
from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
MADE = """
INSERT INTO event (received_at, dedupe_key, title, severity, payload)
SELECT now() - n / 2 * interval '1 minute', 'key-' || n % 3, 'title', 'minor',
    jsonb_build_object('number', n, 'more', repeat('x', :more))
FROM generate_series(1, :count) n"""
ALL = "SELECT id FROM event ORDER BY received_at DESC, id DESC"


async def made(connection: AsyncConnection, count: int, more: int = 0) -> list[int]:
    """The ids of so many events, the newest first; two of them have each moment, but the first."""
    await connection.execute(text(MADE), {"count": count, "more": more})
    return list(await connection.scalars(text(ALL)))


@pytest.fixture
async def ids(connection: AsyncConnection, team: int) -> list[int]:
    """The ids of seven events; no index brings them in an order that nobody has asked for."""
    await connection.execute(text("SET LOCAL enable_indexscan = off"))
    return await made(connection, 7)


def following(answer: httpx.Response) -> str | None:
    """Where the next page is, as httpx reads the header."""
    return answer.links["next"]["url"] if "link" in answer.headers else None


async def walk(client: AsyncClient, place: str | None) -> AsyncIterator[list[int]]:
    """Page for page, until there is none."""
    while place is not None:
        answer = await client.get(place)
        assert answer.status_code == 200
        yield [each["id"] for each in answer.json()]
        place = following(answer)


@pytest.mark.parametrize(
    ("limit", "sizes"), [(1, 7 * [1]), (2, [2, 2, 2, 1]), (6, [6, 1]), (7, [7]), (8, [7])]
)
async def test_pages_have_each_event_once(
    client: AsyncClient, ids: list[int], limit: int, sizes: list[int]
) -> None:
    """The newest first, of one moment the last id first; and the last page leads nowhere."""
    pages = [page async for page in walk(client, f"/events?limit={limit}")]
    assert [len(page) for page in pages] == sizes
    assert list(chain(*pages)) == ids


async def test_what_comes_while_one_reads_moves_nothing(
    client: AsyncClient, connection: AsyncConnection, ids: list[int]
) -> None:
    """What was there when the first page was read is shown, each once."""
    seen: list[int] = []
    async for page in walk(client, "/events?limit=2"):
        seen += page
        await made(connection, 1)
    assert seen == ids


async def test_an_alert_has_its_own_events(client: AsyncClient, ids: list[int]) -> None:
    """And the way to the next page knows which alert it is, and how long a page is."""
    pages = [page async for page in walk(client, "/events?dedupe_key=key-1&limit=2")]
    assert [len(page) for page in pages] == [2, 1]
    assert list(chain(*pages)) == [ids[0], ids[4], ids[5]]


async def test_what_a_monitor_says_is_kept_each_time(client: AsyncClient, team: int) -> None:
    """Also where it is a repetition, of which the alert keeps nothing."""
    for free in "10":
        said = {"team_id": team, "payload": {"free": free}}
        await client.post("/alerts", json=ALERT | said)
    shown = (await client.get("/events")).json()
    assert [each["payload"] for each in shown] == [{"free": "0"}, {"free": "1"}]
    assert {key: shown[0][key] for key in ALERT} == ALERT
    assert shown[0]["team_id"] == team


async def test_what_is_refused_is_no_event(client: AsyncClient, team: int) -> None:
    """A message for another team, of which nothing is stored."""
    assert (await client.post("/alerts", json=ALERT | {"team_id": team + 1})).status_code == 403
    assert (await client.get("/events")).json() == []


@pytest.mark.parametrize(
    "place",
    [
        (datetime(2026, 2, 28, 23, 59, 59, 999999, UTC), 1),
        (datetime(1970, 1, 1, tzinfo=UTC), 2**63 - 1),
        (datetime(4000, 1, 1, tzinfo=UTC), 0),
    ],
)
def test_a_cursor_says_the_moment_and_the_id(place: cursor.Place) -> None:
    """To the microsecond."""
    assert cursor.read(cursor.write(place)) == place


def test_a_cursor_shows_neither() -> None:
    """So that nobody counts on what it is made of."""
    written = cursor.write((datetime(2026, 1, 1, tzinfo=UTC), 12345))
    assert "12345" not in written and "2026" not in written


@pytest.mark.parametrize(
    ("text_", "status"),
    [("A" * 20, 200), ("_" * 20, 200), ("A" * 19, 422), ("A" * 21, 422), ("A" * 19 + "=", 422)],
)
@pytest.mark.parametrize("path", ["/events", "/events/export"])
async def test_a_cursor_of_ones_own_making_does_no_harm(
    client: AsyncClient, team: int, path: str, text_: str, status: int
) -> None:
    """Each text of twenty letters is a place; everything else is refused."""
    answer = await client.get(path, params={"cursor": text_})
    assert answer.status_code == status


async def exported(client: AsyncClient, query: str = "") -> list[dict[str, Any]]:
    """What the export has, each line read."""
    answer = await client.get(f"/events/export{query}")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text == "" or answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("many", [1, 3, 7, 1000])
async def test_the_export_has_everything(
    client: AsyncClient, ids: list[int], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """As the list shows it, however many are read at once."""
    monkeypatch.setattr(events, "MANY", many)
    assert await exported(client) == (await client.get("/events")).json()
    assert [each["id"] for each in await exported(client)] == ids


async def test_the_export_of_large_events_takes_little_at_once(
    connection: AsyncConnection, team: int
) -> None:
    """Events may have 64 KiB each: a page of them has to be read in time, and to fit in memory."""
    await made(connection, 200, more=60_000)
    sizes = [len(page) async for page in events.export(History())]
    assert sum(sizes) > 12_000_000 > 8_000_000 > max(sizes)


async def test_the_export_goes_on_where_somebody_was(client: AsyncClient, ids: list[int]) -> None:
    """From the cursor of the list, and for one alert."""
    place = following(await client.get("/events?limit=3&dedupe_key=key-0"))
    assert place is None
    place = following(await client.get("/events?limit=3"))
    assert place is not None
    query = place.replace("/events", "").replace("limit=3&", "")
    assert [each["id"] for each in await exported(client, query)] == ids[3:]
    assert len(await exported(client, "?dedupe_key=key-0")) == 2


async def test_the_export_of_nothing_is_empty(client: AsyncClient, team: int) -> None:
    """And no error."""
    assert await exported(client) == []


async def test_a_head_of_the_export_reads_one_page(
    client: AsyncClient, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody wants the rest."""
    asked: list[object] = []
    page = stored.page

    async def counted(*given: Any) -> Sequence[stored.Shown]:
        asked.append(given)
        return await page(*given)

    monkeypatch.setattr(events, "MANY", 1)
    monkeypatch.setattr(stored, "page", counted)
    answer = await client.head("/events/export")
    assert (answer.status_code, answer.content) == (200, b"")
    assert len(asked) <= 2


async def line(caplog: pytest.LogCaptureFixture, path: str) -> dict[str, Any]:
    """What the log says of a request that has been served, as soon as it does."""
    async with asyncio.timeout(10):
        while True:
            for each in caplog.records:
                fields: dict[str, Any] = getattr(each, "fields", {})
                if each.message == "served" and fields["path"] == path:
                    return fields
            await asyncio.sleep(0.01)


async def test_the_contract_says_what_is_streamed_and_where_a_page_leads(
    client: AsyncClient,
) -> None:
    """Lines of JSON, in both directions, and the header `Link`."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    export, page = (
        paths[each]["get"]["responses"]["200"] for each in ("/events/export", "/events")
    )
    assert list(export["content"]) == ["application/x-ndjson"]
    assert list(page["headers"]) == ["link"]
    lines = paths["/alerts/bulk"]["post"]["requestBody"]["content"]
    assert list(lines) == ["application/x-ndjson", "text/plain"]


async def fill(live: AsyncClient, owner: AsyncEngine, count: int, more: int = 0) -> None:
    """Events of the client's team, for everybody to see."""
    team = await own_team(live)
    async with owner.begin() as connection:
        await connection.execute(text(f"SELECT set_config('app.team', '{team}', true)"))
        await made(connection, count, more)


async def test_the_export_holds_no_connection_while_somebody_reads(
    live: AsyncClient, owner: AsyncEngine, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly they do."""
    await fill(live, owner, 4)
    monkeypatch.setattr(events, "MANY", 2)
    pages = events.export(History())
    assert (await anext(pages)).count(b"\n") == 2
    assert engine.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert [page.count(b"\n") async for page in pages] == [2]


async def test_the_export_ends_when_the_client_goes(
    live: AsyncClient,
    owner: AsyncEngine,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With no error in the log, and no connection that is not given back."""
    caplog.set_level(logging.INFO, "nightwatch")
    await fill(live, owner, 100, more=100_000)
    monkeypatch.setattr(events, "MANY", 1)
    async with live.stream("GET", "/events/export") as answer:
        await anext(answer.aiter_raw())
    served = await line(caplog, "/events/export")
    assert served["status"] == 200
    assert "failed" not in caplog.messages
    assert engine.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def away(*_: object) -> Sequence[Any]:
    """A page of a database that has no connection to spare."""
    raise PoolTimeout


async def test_an_export_that_cannot_begin_is_refused(
    client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, as everything else: no 200 with nothing in it."""
    monkeypatch.setattr(stored, "page", away)
    answer = await client.get("/events/export")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_an_export_that_cannot_go_on_is_broken_off(
    live: AsyncClient, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody takes a half for the whole."""
    await fill(live, owner, 4)
    monkeypatch.setattr(events, "MANY", 2)
    with pytest.raises(httpx.RemoteProtocolError):
        async with live.stream("GET", "/events/export") as answer:
            async for _ in answer.aiter_raw():
                monkeypatch.setattr(stored, "page", away)


async def plan_of(connection: AsyncConnection, asked: Awaitable[object]) -> str:
    """How PostgreSQL does what is asked of the table of events."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        sent.append((sql, values))

    sent_by.listen(connection.sync_connection, "before_cursor_execute", note)
    await asked
    sent_by.remove(connection.sync_connection, "before_cursor_execute", note)
    [(sql, values)] = [each for each in sent if "FROM event" in each[0]]
    return "\n".join((await connection.exec_driver_sql(f"EXPLAIN {sql}", values)).scalars())


@pytest.mark.parametrize("query", ["", "limit=100", "cursor="])
@pytest.mark.parametrize(
    ("which", "index"), [("", "event_rest_pkey"), ("dedupe_key=key-1", "event_rest_alert")]
)
async def test_a_page_is_read_from_an_index(
    client: AsyncClient, connection: AsyncConnection, team: int, query: str, which: str, index: str
) -> None:
    """In its order: nothing is sorted, and nothing is read that is not shown."""
    await made(connection, 2000)
    for sql in ("SET LOCAL ROLE NONE", "ANALYZE event", "RESET ROLE"):
        await connection.execute(text(sql))
    if query == "cursor=":
        query += cursor.write((datetime.now(UTC) - timedelta(minutes=500), 2**40))
    plan = await plan_of(connection, client.get(f"/events?{query}&{which}"))
    assert f"using {index}" in plan, plan
    assert "Sort" not in plan and "Filter" not in plan, plan
