"""The worker: asks for pages and sends them, until it is told to end: `python -m app.worker`."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from app import logs
from app.database import TEAM, engine, read, transact
from app.failures import CommitLost, note
from app.models import Page
from app.repositories import escalation, incidents, pages, teams
from app.settings import settings

log = logging.getLogger("nightwatch")
PAUSE = 1.0
"""Seconds between two looks at an empty queue."""
PATIENCE = 5.0
"""Seconds that a page may take: less than a transaction may be idle."""
PASSING = (DBAPIError, PoolTimeout, CommitLost, OSError)
"""What the database, or the way to it, is the reason of."""
Send = Callable[[Page], Awaitable[None]]


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


async def go_round(stop: asyncio.Event, send: Send) -> bool:
    """Ask and send for each team, one page at most: none waits for another one's trouble."""
    sent = False
    for team_id in await read(teams.ids):
        TEAM.set(team_id)
        try:
            await transact(escalation.ask)
            if not stop.is_set():
                sent = await send_next(send) or sent
        except NotSent as error:
            note("a page was not sent", error.__cause__ or error, team=team_id)
        except PASSING as error:
            note("a team has to wait", error, team=team_id)
        except Exception:
            log.exception("a team was left out", extra={"fields": {"team": team_id}})
        if stop.is_set():
            break
    return sent


async def run(stop: asyncio.Event, send: Send = tell) -> None:
    """Ask for pages and send them until told to stop; the page in hand is finished first."""
    while not stop.is_set():
        try:
            if await go_round(stop, send):
                continue
        except PASSING as error:
            note("the queue has to wait", error)
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await stop.wait()


async def main() -> None:
    """Run until SIGTERM or SIGINT."""
    logs.configure(settings.log_level)
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    log.info("the worker begins")
    await run(stop)
    await engine.dispose()
    log.info("the worker has ended")


if __name__ == "__main__":
    asyncio.run(main())
