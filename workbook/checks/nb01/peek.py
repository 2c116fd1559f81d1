"""Check of 01.peek: a session to look and to try, of which nothing stays."""

import inspect
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, show
from workbook.checks.connections import own_engine
from workbook.checks.nb01.closed_sessions import closes
from workbook.checks.nb01.errors import PagerDown
from workbook.checks.nb01.generators import no_generator
from workbook.checks.nb01.incident_table import (
    INSERT_INCIDENT,
    count_incidents,
    create_incident_table,
)
from workbook.checks.nb01.pool import connections_in_use, expect_connection_returned
from workbook.checks.nb01.tasks import expect_all_awaited
from workbook.checks.nb01.unit_of_work_endings import (
    UnitOfWork,
    cancelled_at_work,
    closed_at_its_yield,
    raises,
)
from workbook.checks.verdict import NotYet, Reason

_NAME = "peek(sessions)"
_ROLLED_BACK = Reason(
    "Nobody commits, so the work is undone, by your `rollback` or where the session closes, as"
    " it does on every way out. The reference has no `rollback` of its own: what nobody committed"
    " is gone when a session closes."
)


_CLOSED = Reason(
    "A session that closes gives its connection back, and the open transaction is rolled back on"
    " the way. Your `close` runs after success, after an error and after a cancellation alike. The"
    " reference leaves it to a block that closes what it has opened."
)


async def check(answer: Answer) -> Reason | None:
    """What is done in it stays for nobody, however it ends; errors go on, the session is closed."""
    peek = answer.get()
    if not inspect.isasyncgenfunction(peek):
        raise no_generator("peek", peek)
    await create_incident_table(answer)
    await answer.observer.execute("INSERT INTO incident (title) VALUES ('Queue grows')")
    async with own_engine(answer) as engine:
        of_ours = partial(peek, async_sessionmaker(engine, expire_on_commit=False))
        look = asynccontextmanager(of_ours)
        await _ends_well(answer, engine, look)
        for error in (PagerDown("the pager's service is down"), LookupError("no such team")):
            await raises(answer, engine, look, error, _NAME)
        await cancelled_at_work(answer, engine, look, _NAME)
        await closed_at_its_yield(answer, engine, of_ours, _NAME)
        await closes(look, _NAME)
        await expect_all_awaited(answer)
    return _reason(answer.called())


def _reason(called: set[str]) -> Reason | None:
    """Why it works where a call of its own undoes the work, or closes the session."""
    if "rollback" in called:
        return _ROLLED_BACK
    return _CLOSED if "close" in called else None


async def _ends_well(answer: Answer, engine: object, look: UnitOfWork) -> None:
    """The work sees its own row, and nobody else ever does."""
    call, before = f"{_NAME} around work that ends well", await count_incidents(answer)
    async with look() as session:
        if not isinstance(session, AsyncSession):
            ask = "what stands to the right of `yield`?"
            raise NotYet(_NAME, got=f"it lent {show(session)}", wanted="an AsyncSession", ask=ask)
        await session.execute(INSERT_INCIDENT)
        if not connections_in_use(engine):
            ask = "whose database is looked at, and who decides that?"
            got, wanted = "no connection of the sessions it was given is in use", "one of theirs"
            raise NotYet(call, got=got, wanted=wanted, ask=ask)
        if await count_incidents(answer) != before:
            ask = "which transaction is that row in, and who ended it?"
            got = "others see its row before the block has ended"
            raise NotYet(call, got=got, wanted="no new row", ask=ask)
    if await count_incidents(answer) != before:
        ask = "what does the end of the block do with work that nobody committed, and with yours?"
        raise NotYet(call, got="its row is stored", wanted="no new row", ask=ask)
    await expect_connection_returned(answer, engine, call)
