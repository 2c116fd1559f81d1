"""The observer: who waits for whom, and for which statement."""

import asyncio

import asyncpg
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import place as place
from postgres_fixtures import server as server
from postgres_fixtures import users as users

from workbook.base.sync import run_coroutine
from workbook.evidence.observe import Observer
from workbook.postgres import databases

ROUNDS = 150
"""Four look in each; with activity older than the locks, one look in sixty was wrong."""


def test_whoever_waits_is_said_to_wait_with_the_statement_that_waits(server):
    """Also where somebody looks at the very moment at which the waiting begins."""

    async def work() -> set[tuple[object, ...]]:
        await databases.create(server, "queue")
        url = server.url("queue")
        holds, waits = await asyncpg.connect(url), await asyncpg.connect(url)
        observers = [Observer(url) for _ in range(4)]
        await holds.execute("CREATE TABLE t (n int)")
        found = set()
        for _ in range(ROUNDS):
            found |= await one_round(holds, waits, observers)
        for each in observers:
            await each.close()
        await asyncio.gather(holds.close(), waits.close())
        return found

    assert run_coroutine(work) == {("SELECT n FROM t", "LOCK TABLE t")}


async def one_round(
    holds: asyncpg.Connection, waits: asyncpg.Connection, observers: list[Observer]
) -> set[tuple[object, ...]]:
    for each in ("BEGIN", "LOCK TABLE t"):
        await holds.execute(each)
    await waits.execute("BEGIN")
    looking = [asyncio.create_task(look(each)) for each in observers]
    await asyncio.sleep(0.002)  # they are looking now
    waiting = asyncio.create_task(waits.execute("SELECT n FROM t"))
    found = await asyncio.wait_for(asyncio.gather(*looking), 20)
    await holds.execute("COMMIT")
    await waiting
    await waits.execute("COMMIT")
    return set(found)


async def look(observer: Observer) -> tuple[object, ...]:
    """What waits, and for what, as soon as somebody is said to wait."""
    while not (rows := (await observer.locks()).rows):
        pass
    return rows[0][1], rows[0][3]
