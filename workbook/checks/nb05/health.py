"""05.health: alive is one question, ready another, and both are answered in bounded time."""

import asyncio
import contextlib
import gc
import os
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.base.urls import for_sqlalchemy
from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import app_engine
from workbook.checks.nb01.pool import connections_in_use
from workbook.checks.nb05.crashes import Behind
from workbook.checks.nb05.probe import Probe, probe_of
from workbook.checks.tcp_proxy import TcpProxy
from workbook.checks.verdict import NotYet
from workbook.myapp.modules import forget

REFUSES = "Postgres that refuses the statement"
STOPPED, GONE = "Postgres that has just stopped", "Postgres that is not there"
LATE, SILENCE_SECONDS = "Postgres that is silent for more than a second", 1.2


async def check(answer: Answer) -> None:
    """Both answer 200; without Postgres only livez does, and readyz says 503 within a second."""
    async with TcpProxy(answer.url) as proxy:
        os.environ["DATABASE_URL"] = for_sqlalchemy(proxy.url)
        forget("app")  # what was imported before knows the way that nobody can cut
        behind = Behind()
        app = behind.app()
        app.include_router(answer.load().router)
        async with app_engine() as engine, probe_of(answer, app, behind, engine) as probe:
            await _gives_back(answer, engine, probe, proxy)
            await proxy.cut()
            for what in (STOPPED, GONE):
                await probe.is_ready(what, 503)
            await proxy.open()
            await probe.is_ready("Postgres that is back", 200)
            await _gives_back_after_an_error(engine, probe)
            await _bounds_its_wait(probe, proxy)
            await probe.is_ready("Postgres that speaks again", 200)


async def _gives_back(answer: Answer, engine: AsyncEngine, probe: Probe, proxy: TcpProxy) -> None:
    """Only readyz asks, and it gives back what it took."""
    what = "Postgres that is well"
    await probe.is_alive(what)
    ask = "can a restart of this process mend that?"
    expect_state(f"the connections that GET /livez uses, with {what}", len(proxy.asking), 0, ask)
    for _ in range(2):
        await probe.is_ready(what, 200)
    if connections_in_use(engine) or await _keeps_connections(answer, proxy):
        call, got = f"GET /readyz twice, with {what}", "its connections were not given back"
        ask = "which line gives the connection back?"
        raise NotYet(call, got=got, wanted="nothing left behind", ask=ask)


async def _gives_back_after_an_error(engine: AsyncEngine, probe: Probe) -> None:
    """Nothing is lent while the error is still known: no collector had to find it."""
    with _refused(engine) as sent:
        probe.forget()
        status = await probe.status("/readyz", REFUSES)
    call = f"GET /readyz, with {REFUSES}"
    if sent and status != 503:
        ask = probe.about_status(status, 503)
        raise NotYet(call, got=probe.said(status), wanted="503", ask=ask)
    if connections_in_use(engine):
        got, ask = "it took a connection, and has not given it back", _AFTER_AN_ERROR
        raise NotYet(call, got=got, wanted="nothing left behind", ask=ask)


_AFTER_AN_ERROR = "which line gives the connection back, and is it reached after an error?"


@contextlib.contextmanager
def _refused(engine: AsyncEngine) -> Iterator[list[str]]:
    """What the engine is asked to send; in its place goes what PostgreSQL refuses."""
    sent: list[str] = []

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> tuple[str, Any]:
        sent.append(statement)
        return "SELECT 1 / 0", ()

    event.listen(engine.sync_engine, "before_cursor_execute", refuse, retval=True)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", refuse)


async def _keeps_connections(answer: Answer, proxy: TcpProxy) -> bool:
    """Whether the collector closed a connection, or more than one is still open after a second."""
    gc.collect()
    if any(re.search("non-checked-in|unclosed", str(each.message)) for each in answer.complaints):
        return True

    async def one_at_most() -> bool:
        return len(proxy.connected) <= 1

    return not await busy.eventually(one_at_most, timeout=1, interval=0.01)


async def _bounds_its_wait(probe: Probe, proxy: TcpProxy) -> None:
    """A connection of the pool and a new one ask the silent, and both requests are refused."""
    probe.forget()
    proxy.pause()
    try:
        answers = await _two_answers(probe, proxy)
    finally:
        proxy.resume()
    if answers == [503, 503]:
        return
    ask = probe.about_time()
    if sorted(map(str, answers)) == ["200", "503"]:
        ask = "which of the two waits has no end: for a connection, or for its answer?"
    elif isinstance(answers[0], str):
        ask = probe.about_status(answers[0], 503)
    raise NotYet(
        f"GET /readyz twice, with {LATE}",
        got=f"they answered {answers[0]} and {answers[1]}",
        wanted="503 and 503, within a few seconds",
        ask=ask,
    )


async def _two_answers(probe: Probe, proxy: TcpProxy) -> list[int | str]:
    """What two requests get from a database that is silent, and then speaks.

    It speaks SILENCE_SECONDS after both were heard: a wait of one second always ends before, and a
    longer one never, however slow this machine is.
    """
    asked: list[asyncio.Task[int | str]] = []
    for callers in (1, 2):
        asked.append(asyncio.create_task(probe.status("/readyz", LATE)))
        heard = asyncio.create_task(proxy.wait_for_requests(callers))
        await asyncio.wait({heard, *asked}, timeout=3, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
    await probe.is_alive(LATE)
    asyncio.get_running_loop().call_later(SILENCE_SECONDS, proxy.resume)
    return [await each for each in asked]
