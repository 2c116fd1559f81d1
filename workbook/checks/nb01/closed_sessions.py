"""Whether a unit of work closes its session, however it ends."""

import contextlib

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.nb01.errors import PagerDown
from workbook.checks.nb01.incident_table import Incident
from workbook.checks.nb01.unit_of_work_endings import GET_DB, UnitOfWork
from workbook.checks.verdict import NotYet


async def closes(unit_of_work: UnitOfWork, name: str = GET_DB) -> None:
    """A session that was closed has let go of its objects; a rollback alone leaves them in it."""
    async with unit_of_work() as session:
        known = await session.scalar(select(Incident).limit(1))
    told = f"{name} around work that"
    _is_closed(session, known, f"{told} ends well", ask="which line closes the session?")
    with contextlib.suppress(PagerDown):
        async with unit_of_work() as session:
            known = await session.scalar(select(Incident).limit(1))
            raise PagerDown
    ask = "does the line that closes also run after an error?"
    _is_closed(session, known, f"{told} raises", ask=ask)


def _is_closed(session: AsyncSession, known: Incident | None, after: str, *, ask: str) -> None:
    if known in session:
        raise NotYet.looked_at(
            f"the session, after {after}",
            got="it was not closed: an object that it had read is still in it",
            wanted="a closed session",
            ask=ask,
        )
