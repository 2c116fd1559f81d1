"""The worker: asks for pages and sends them, until it is told to end: `python -m app.worker`."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import logs
from app.database import TEAM, engine, read, transact
from app.failures import CommitLost, note
from app.models import Page
from app.repositories import escalation, incidents, pages, teams
from app.role import Unheld, must_be_held
from app.settings import settings

log = logging.getLogger("nightwatch")
PAUSE = 1.0
"""Seconds between two looks at an empty queue."""
PATIENCE = 5.0
"""Seconds that a page may take: less than a transaction may be idle."""
PASSING = (DBAPIError, PoolTimeout, CommitLost, OSError)
"""What the database, or the way to it, is the reason of."""
Send = Callable[[Page], Awaitable[None]]
Turns = dict[int, asyncio.Task[bool]]
"""Team → its turn, as long as that lasts."""
HANDS = asyncio.Semaphore(max(1, settings.pool_size - 1))
"""So many teams have their turn at once: each needs a connection, and to look for them one more."""


async def tell(page: Page) -> None:
    """Wake somebody. It writes a line into the log; put the call of your provider here."""
    fields = {"page": page.id, "incident": page.incident_id, "user": page.user_id}
    log.info("paged", extra={"fields": fields})


class NotSent(Exception):
    """The provider has not taken a page, for whatever reason: it waits for another attempt."""


async def hand_over(page: Page, send: Send) -> None:
    """Let a page be sent, within PATIENCE; a provider may raise what it likes."""
    try:
        async with asyncio.timeout(PATIENCE):
            await send(page)
    except Exception as error:
        raise NotSent from error


async def send_next(send: Send) -> bool:
    """Send the page that has waited longest, and say whether there was one.

    Each page goes out at least once: it is sent before the COMMIT, which may be lost.
    """

    async def work(session: AsyncSession) -> bool:
        page = await pages.take(session)
        if page is None:
            return False
        incident = await incidents.get(session, page.incident_id)
        if incident is None or incident.status != "open":
            await session.delete(page)  # somebody has it: nobody else is woken
            return True
        await hand_over(page, send)
        page.sent_at = func.now()
        return True

    return await transact(work)


async def serve(team_id: int, stop: asyncio.Event, send: Send) -> bool:
    """Ask and send for one team, one page at most; say whether there was one."""
    TEAM.set(team_id)
    async with HANDS:
        if stop.is_set():
            return False
        await transact(escalation.ask)
        return not stop.is_set() and await send_next(send)


async def turn(team_id: int, stop: asyncio.Event, send: Send) -> bool:
    """Serve a team; none waits for another one's trouble, and the log says whose it is."""
    try:
        return await serve(team_id, stop, send)
    except NotSent as error:
        note("a page was not sent", error.__cause__ or error, team=team_id)
    except PASSING as error:
        note("a team has to wait", error, team=team_id)
    except Exception:
        log.exception("a team was left out", extra={"fields": {"team": team_id}})
    return False


async def all_teams(db: AsyncConnection) -> Sequence[int]:
    """Return the id of every team, for a login that sees the rows of one at a time."""
    await must_be_held(db)
    return await teams.ids(db)


async def go_round(stop: asyncio.Event, send: Send, turns: Turns) -> bool:
    """Begin a turn for each team that has none; who takes longer than PAUSE is left at it."""
    begun = {
        team_id: asyncio.create_task(turn(team_id, stop, send))
        for team_id in await read(all_teams)
        if team_id not in turns
    }
    turns.update(begun)
    if begun:
        await asyncio.wait(begun.values(), timeout=PAUSE)
    over = [team_id for team_id, task in turns.items() if task.done()]
    return True in [turns.pop(team_id).result() for team_id in over]


async def run(stop: asyncio.Event, send: Send = tell) -> None:
    """Ask for pages and send them until told to stop; the pages in hand are finished first."""
    turns: Turns = {}
    while not stop.is_set():
        try:
            if await go_round(stop, send, turns):
                continue
        except PASSING as error:
            note("the queue has to wait", error)
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await stop.wait()
    if turns:
        await asyncio.wait(turns.values())


async def main() -> None:
    """Run until SIGTERM or SIGINT."""
    logs.configure(settings.log_level)
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    log.info("the worker begins")
    try:
        await run(stop)
    except Unheld as error:
        log.critical("the worker does not begin", extra={"fields": {"cause": str(error)}})
        sys.exit(1)
    await engine.dispose()
    log.info("the worker has ended")


if __name__ == "__main__":
    asyncio.run(main())
