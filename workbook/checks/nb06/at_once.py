"""06.invite, while another transaction stores the same email: it commits in between."""

import asyncio
from typing import Any

from sqlalchemy import exc

from workbook.base.waiting import eventually
from workbook.checks import outliving
from workbook.checks.answer import Answer, expect
from workbook.checks.connections import own_connection
from workbook.checks.verdict import NotYet

EMAIL = "at-once@x"
CALL = f"invite(session, 2, [{EMAIL!r}]), while another transaction stores {EMAIL!r}"
STORES = "INSERT INTO user_account (name, email, login, team_id) VALUES ('x', $1, 'x', 1)"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def is_told_of_the_other(answer: Answer, function: Any, sessions: Any) -> None:
    """Whoever asks first cannot see the other's row yet; only the INSERT meets it."""
    async with own_connection(answer) as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(STORES, EMAIL)
        async with sessions.begin() as session:
            inviting = asyncio.ensure_future(function(session, 2, [EMAIL]))
            await _has_met_it(answer, inviting)
            await transaction.commit()
            got = await _refused(inviting)
            expect(CALL, got, [EMAIL], outliving.question(got, [EMAIL], "who was there first?"))


async def _has_met_it(answer: Answer, inviting: "asyncio.Future[Any]") -> None:
    """Until the answer waits for the other's row, or has ended, or a second has gone."""

    async def met() -> bool:
        return inviting.done() or bool(await answer.observer.fetchval(WAITING))

    await eventually(met, timeout=1, interval=0.01)


async def _refused(inviting: "asyncio.Future[Any]") -> Any:
    try:
        return await inviting
    except exc.IntegrityError as error:
        raise NotYet(
            CALL,
            got=f"it raised {type(error).__name__}",
            wanted=f"[{EMAIL!r}]",
            ask="what can another transaction do between your question and your INSERT?",
        ) from None
