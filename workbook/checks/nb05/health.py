"""05.health: alive is one question, ready another, and both are answered in bounded time."""

import asyncio
import gc
import os
import re
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect
from workbook.checks.app_client import client_of
from workbook.checks.connections import app_engine
from workbook.checks.nb05.crashes import name_of_crash, status_or_crash
from workbook.checks.tcp_proxy import TcpProxy
from workbook.checks.verdict import NotYet
from workbook.myapp.modules import forget

STOPPED, GONE = "Postgres that has just stopped", "Postgres that is not there"
LATE, SILENCE_SECONDS = "Postgres that is silent for more than a second", 1.2


async def check(answer: Answer) -> None:
    """Both answer 200; without Postgres only livez does, and readyz says 503 within a second."""
    async with TcpProxy(answer.url) as proxy:
        os.environ["DATABASE_URL"] = for_sqlalchemy(proxy.url)
        forget("app")  # what was imported before knows the way that nobody can cut
        app = FastAPI(exception_handlers={Exception: name_of_crash})
        app.include_router(answer.load().router)
        async with app_engine(), client_of(app) as client:
            await _gives_back(answer, client, proxy)
            await proxy.cut()
            for what in (STOPPED, GONE):
                await _readyz_is(client, what, 503)
            await proxy.open()
            await _readyz_is(client, "Postgres that is back", 200)
            await _bounds_its_wait(client, proxy)
            await _readyz_is(client, "Postgres that speaks again", 200)


async def _gives_back(answer: Answer, client: httpx.AsyncClient, proxy: TcpProxy) -> None:
    """Only readyz asks, and it gives back what it took."""
    what = "Postgres that is well"
    await _livez_is_well(client, what)
    ask = "can a restart of this process mend that?"
    expect(f"how many connections GET /livez uses, with {what}", len(proxy.asking), 0, ask)
    for _ in range(2):
        await _readyz_is(client, what, 200)
    if await _keeps_connections(answer, proxy):
        got = "its connections were neither closed nor given back"
        ask = "who gives a connection back, also when there was an error?"
        raise NotYet(
            f"GET /readyz twice, with {what}", got=got, wanted="nothing left behind", ask=ask
        )


async def _keeps_connections(answer: Answer, proxy: TcpProxy) -> bool:
    """Whether the collector closed a connection, or more than one is still open after a second."""
    gc.collect()
    if any(re.search("non-checked-in|unclosed", str(each.message)) for each in answer.complaints):
        return True

    async def one_at_most() -> bool:
        return len(proxy.connected) <= 1

    return not await eventually(one_at_most, timeout=1, interval=0.01)


async def _readyz_is(client: httpx.AsyncClient, what: str, wanted: int) -> None:
    await _livez_is_well(client, what)
    got = await _status(client, "/readyz", what)
    expect(f"GET /readyz, with {what}", got, wanted, _question(got, wanted))


async def _livez_is_well(client: httpx.AsyncClient, what: str) -> None:
    ask = "which of the two may depend on the database?"
    expect(f"GET /livez, with {what}", await _status(client, "/livez", what), 200, ask)


def _question(got: object, wanted: int) -> str:
    """The question that belongs to a wrong status of readyz."""
    if isinstance(got, str):
        return "where does that error come from, and which of your lines makes a 503 of it?"
    if wanted == 503:
        return "whom did /readyz ask, and what did it hear?"
    return "Postgres answers: what else did /readyz wait for?"


async def _bounds_its_wait(client: httpx.AsyncClient, proxy: TcpProxy) -> None:
    """A connection of the pool and a new one ask the silent, and both requests are refused."""
    proxy.pause()
    try:
        first, second = await _two_answers(client, proxy)
    finally:
        proxy.resume()
    ask = "who bounds how long you wait for Postgres, and what do you say then?"
    if {first, second} == {200, 503}:
        ask = "which do you bound, the way to a connection, or its answer as well?"
    elif isinstance(first, str):
        ask = _question(first, 503)
    expect(f"GET /readyz twice, with {LATE}", (first, second), (503, 503), ask)


async def _two_answers(client: httpx.AsyncClient, proxy: TcpProxy) -> list[object]:
    """What two requests get from a database that is silent, and then speaks.

    It speaks SILENCE_SECONDS after both were heard: a wait of one second always ends before, and a
    longer one never, however slow this machine is.
    """
    asked: list[asyncio.Task[object]] = []
    for callers in (1, 2):
        asked.append(asyncio.create_task(_status(client, "/readyz", LATE)))
        heard = asyncio.create_task(proxy.wait_for_requests(callers))
        await asyncio.wait({heard, *asked}, timeout=3, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
    await _livez_is_well(client, LATE)
    asyncio.get_running_loop().call_later(SILENCE_SECONDS, proxy.resume)
    return [await each for each in asked]


async def _status(client: httpx.AsyncClient, path: str, what: str) -> object:
    """The status, in bounded time; of a crash its kind too."""
    call = f"GET {path}, with {what}"
    try:
        async with asyncio.timeout(4):
            got = await client.get(path)
    except TimeoutError:
        ask = "who bounds how long you wait for Postgres?"
        raise NotYet(
            call, got="no answer within 4 seconds", wanted="one within a second", ask=ask
        ) from None
    if f":{urlsplit(os.environ['DATABASE_URL']).password}@" in got.text:
        raise NotYet(
            call, got="it shows the password", wanted="your own words", ask="who may read that?"
        )
    return status_or_crash(got)
