"""The worker: who is paged, how often, and what it leaves when it is told to end."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import worker
from app.database import transact
from app.models import Page
from app.repositories import escalation
from tests.test_claims import incident

LEFT = "SELECT count(*) FROM page WHERE sent_at IS NULL"


class Channel:
    """Keeps who was paged; can hold a page up, or fail."""

    def __init__(self, *errors: Exception) -> None:
        self.told: list[int] = []
        self.errors = list(errors)
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def __call__(self, page: Page) -> None:
        """Wake somebody."""
        self.begun.set()
        await self.goes_on.wait()
        if self.errors:
            raise self.errors.pop()
        self.told.append(page.user_id)


async def left(engine: AsyncEngine) -> int:
    """How many pages wait."""
    async with engine.connect() as connection:
        return int(await connection.scalar(text(LEFT)) or 0)


async def test_whose_turn_it_is_gets_one_page(live: AsyncClient, engine: AsyncEngine) -> None:
    """However often the worker looks, and however many workers do."""
    _, people = await incident(live)
    channel = Channel()
    for _ in range(2):
        await asyncio.gather(transact(escalation.ask), transact(escalation.ask))
        sent = await asyncio.gather(*[worker.send_next(channel) for _ in range(3)])
    assert channel.told == people[:1]
    assert (sent, await left(engine)) == ([False] * 3, 0)


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
    live: AsyncClient, engine: AsyncEngine
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
    assert await left(engine) == 1


async def test_a_worker_goes_on_whatever_the_provider_raises(
    live: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has the reason, and the page goes out at the next attempt."""
    _, people = await incident(live)
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    channel, stop = Channel(ValueError("no number")), asyncio.Event()
    running = asyncio.create_task(worker.run(stop, channel))
    async with asyncio.timeout(10):
        while not channel.told:
            await asyncio.sleep(0.01)
        stop.set()
        await running
    assert channel.told == people[:1]
    assert [each.message for each in caplog.records].count("a page was not sent") == 1
