"""Whether a unit of work that ended well has stored its rows, and what came between."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer
from workbook.checks.nb01.incident_table import count_incidents
from workbook.checks.verdict import NotYet


def rollbacks_of(session: AsyncSession) -> list[Any]:
    """The rollbacks that this session is told to do from now on."""
    seen: list[Any] = []
    event.listen(session.sync_session, "after_rollback", seen.append)
    return seen


async def both_stored(answer: Answer, call: str, before: int, *, undone: bool, held: bool) -> None:
    """NotYet unless both rows are there; `undone` says that a rollback was heard of.

    `held` says that the session was in a transaction when it was lent, as in a block of `begin()`.
    """
    if (stored := await count_incidents(answer) - before) != 2:
        commits = "commit" in answer.called()
        ask = "which statement makes a row real, and who sends it?"
        if commits and undone:
            ask = "which of your lines runs first when the work ended well: rollback, or commit?"
        elif commits:
            ask = "when does your commit run: before the work, or when the session is closed?"
        elif "begin" in answer.called() and not held:
            ask = "does the block of `begin()` still hold the session while the caller works?"
        got = f"{stored} of its 2 rows are stored{', and it was rolled back' * undone}"
        raise NotYet(call, got=got, wanted="both", ask=ask)
