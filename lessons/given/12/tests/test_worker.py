"""The worker: who is paged, how often, and what it leaves when it is told to end."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

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
