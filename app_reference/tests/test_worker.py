"""The worker: who is paged, how often, and what it leaves when it is told to end."""

import asyncio
from functools import partial
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import event as sent_by
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app import database, worker
from app.database import read, transact
from app.models import Page
from app.repositories import escalation
from tests.conftest import add_team, ask_as
from tests.test_claims import incident

LEFT = "SELECT count(*) FROM page WHERE sent_at IS NULL"


class Channel:
    """Keeps who was paged; can hold a page up, or fail, for everybody or for one alone."""

    def __init__(self, *errors: Exception, alone: int | None = None) -> None:
        self.told: list[int] = []
        self.errors, self.alone = list(errors), alone
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def __call__(self, page: Page) -> None:
        """Wake somebody."""
        self.begun.set()
        if self.alone in (None, page.user_id):
            await self.goes_on.wait()
            if self.errors:
                raise self.errors.pop()
        self.told.append(page.user_id)


async def left() -> int:
    """How many pages wait."""
    return int(await read(lambda db: db.scalar(text(LEFT))) or 0)


async def test_whose_turn_it_is_gets_one_page(live: AsyncClient) -> None:
    """However often the worker looks, and however many workers do."""
    _, people = await incident(live)
    channel = Channel()
    for _ in range(2):
        await asyncio.gather(transact(escalation.ask), transact(escalation.ask))
        sent = await asyncio.gather(*[worker.send_next(channel) for _ in range(3)])
    assert channel.told == people[:1]
    assert (sent, await left()) == ([False] * 3, 0)


async def test_nobody_is_woken_for_what_somebody_has(live: AsyncClient) -> None:
    """The page that waits is taken away."""
    seen, people = await incident(live)
    await transact(escalation.ask)
    said = {"user_id": people[1], "version": seen["version"]}
    await live.post(f"/incidents/{seen['id']}/claim", json=said)
    channel = Channel()
    assert [await worker.send_next(channel) for _ in range(2)] == [True, False]
    assert channel.told == []


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionError("provider"), ValueError("no number")], ids=repr
)
async def test_a_page_that_did_not_go_out_is_free_again(
    live: AsyncClient, error: Exception
) -> None:
    """And goes out at the next attempt."""
    _, people = await incident(live)
    await transact(escalation.ask)
    channel = Channel(error)
    with pytest.raises(worker.NotSent):
        await worker.send_next(channel)
    assert await worker.send_next(channel)
    assert channel.told == people[:1]


OVER = (
    "INSERT INTO incident (title, severity, status, team_id)"
    " SELECT 'over', 'minor', 'resolved', id FROM team, generate_series(1, 100)",
    "INSERT INTO page (incident_id, user_id)"
    " SELECT id, :who FROM incident WHERE status = 'resolved'",
)


async def rows_of(sql: str, values: Any) -> int:
    """How many rows PostgreSQL sends for a query."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"
    plan = await read(lambda db: db.exec_driver_sql(explain, values))
    [[found]] = plan.all()
    return int(found[0]["Plan"]["Actual Rows"])


async def test_what_is_over_is_not_read(live: AsyncClient, engine: AsyncEngine) -> None:
    """Every second the worker looks again: what it reads is what is open, however much was."""
    _, people = await incident(live)
    for sql in OVER:
        await transact(
            partial(AsyncSession.execute, statement=text(sql), params={"who": people[0]})
        )
    await transact(escalation.ask)
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        sent.append((sql, values))

    sent_by.listen(engine.sync_engine, "before_cursor_execute", note)
    await transact(escalation.ask)
    sent_by.remove(engine.sync_engine, "before_cursor_execute", note)
    reads = [each for each in sent if "FROM" in each[0]]
    assert [await rows_of(*each) for each in reads] == [1, 2, 1]


async def test_a_worker_that_is_told_to_end_finishes_what_it_has_in_hand(
    live: AsyncClient,
) -> None:
    """And takes nothing more."""
    seen, people = await incident(live)
    alert: dict[str, Any] = {"dedupe_key": "db-2", "title": "b", "severity": "minor"}
    await live.post("/alerts", json=alert | {"team_id": seen["team_id"]})
    channel, stop = Channel(), asyncio.Event()
    channel.goes_on.clear()
    running = asyncio.create_task(worker.run(stop, channel))
    async with asyncio.timeout(10):
        await channel.begun.wait()
        stop.set()
        channel.goes_on.set()
        await running
    assert channel.told == people[:1]
    assert await left() == 1


async def test_each_team_has_its_turn(live: AsyncClient) -> None:
    """However long the queue of another one is, and each page is of its own team."""
    people = []
    for name in ("day", "evening"):
        ask_as(live, await add_team(name))
        people.append((await incident(live))[1][0])
    channel = Channel()
    assert await worker.go_round(asyncio.Event(), channel, {})
    assert sorted(channel.told) == people
    assert not await worker.go_round(asyncio.Event(), channel, {})


async def test_a_page_that_fails_holds_up_no_other_team(
    live: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the provider raises; the log has the reason, and the page waits."""
    people = []
    for name in ("day", "evening"):
        ask_as(live, await add_team(name))
        people.append((await incident(live))[1][0])
    channel = Channel(ValueError("no number"), alone=people[0])
    assert await worker.go_round(asyncio.Event(), channel, {})
    assert channel.told == people[1:]
    [noted] = [each for each in caplog.records if each.message == "a page was not sent"]
    assert vars(noted)["fields"]["cause"] == "ValueError: no number"
    assert await worker.go_round(asyncio.Event(), channel, {})
    assert channel.told == [people[1], people[0]]


async def test_a_provider_that_hangs_for_one_team_holds_up_no_other(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page after page of the other one goes out meanwhile; the first is in hand to the end."""
    people = []
    for name in ("day", "evening"):
        ask_as(live, await add_team(name))
        seen, persons = await incident(live)
        people.append(persons[0])
    alert: dict[str, Any] = {"dedupe_key": "db-2", "title": "b", "severity": "minor"}
    await live.post("/alerts", json=alert | {"team_id": seen["team_id"]})
    channel, stop, both = Channel(alone=people[0]), asyncio.Event(), asyncio.Event()
    channel.goes_on.clear()

    async def send(page: Page) -> None:
        await channel(page)
        if channel.told == [people[1]] * 2:
            both.set()

    monkeypatch.setattr(worker, "PAUSE", 0.05)
    running = asyncio.create_task(worker.run(stop, send))
    async with asyncio.timeout(4):
        await both.wait()
        stop.set()
        channel.goes_on.set()
        await running
    assert channel.told[2:] == people[:1]


@pytest.mark.parametrize("error", [DBAPIError("", {}, OSError()), LookupError()], ids=repr)
async def test_a_team_in_trouble_holds_up_no_other(
    live: AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """Whatever the trouble is: the log says which team, and the others are paged."""
    teams = [await add_team(name) for name in ("day", "evening")]
    people = []
    for team_id in teams:
        ask_as(live, team_id)
        people.append((await incident(live))[1][0])
    ask = escalation.ask

    async def fails_for_one(session: AsyncSession) -> None:
        if database.TEAM.get() == teams[0]:
            raise error
        await ask(session)

    monkeypatch.setattr(escalation, "ask", fails_for_one)
    channel = Channel()
    assert await worker.go_round(asyncio.Event(), channel, {})
    assert channel.told == people[1:]
    noted = [vars(each)["fields"] for each in caplog.records if each.levelname != "INFO"]
    assert [each["team"] for each in noted] == teams[:1]


FLOOD = """
INSERT INTO incident (title, severity, team_id)
SELECT 'flood', 'minor', id FROM team, generate_series(1, 1500)"""


async def test_a_flood_is_asked_for_in_parts(live: AsyncClient) -> None:
    """All at once would take longer than a statement may, each time anew, and nobody is paged."""
    await incident(live)
    await transact(partial(AsyncSession.execute, statement=text(FLOOD)))
    asked = []
    for _ in range(3):
        await transact(escalation.ask)
        asked.append(await left())
    assert asked == [1000, 1501, 1501]


async def test_pages_are_asked_for_in_one_order(live: AsyncClient, engine: AsyncEngine) -> None:
    """Another worker may ask for the same ones: two orders would be a deadlock."""
    seen, _ = await incident(live)
    alert: dict[str, Any] = {"dedupe_key": "db-2", "title": "b", "severity": "minor"}
    await live.post("/alerts", json=alert | {"team_id": seen["team_id"]})
    later = "UPDATE incident SET opened_at = now() WHERE id = :id"  # and so it is read second
    await transact(partial(AsyncSession.execute, statement=text(later), params={"id": seen["id"]}))
    await transact(escalation.ask)
    in_turn = await read(lambda db: db.scalars(text("SELECT incident_id FROM page ORDER BY id")))
    found = in_turn.all()
    assert len(found) == 2 and found == sorted(found)


async def test_a_queue_that_has_to_wait_says_so(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And goes on: the next round is the one that is told to stop."""
    stop, rounds = asyncio.Event(), [OSError("away")]

    async def goes_round(*_: object) -> bool:
        if rounds:
            raise rounds.pop()
        stop.set()
        return False

    monkeypatch.setattr(worker, "go_round", goes_round)
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    async with asyncio.timeout(5):
        await worker.run(stop)
    assert [each.message for each in caplog.records] == ["the queue has to wait"]
