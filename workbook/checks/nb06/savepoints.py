"""Where the INSERTs of an answer stood: in a savepoint of their own, in one for all, in none."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import SessionTransaction

from workbook.checks.statements import statements

OPENED, ENDED = "savepoint", "end of a savepoint"
ENDED_ALL = "end of the transaction"
SENT_BEFORE = (
    "when is a user sent that was added before `begin_nested`: in its savepoint, or before?"
)


@contextlib.contextmanager
def traced(engine: AsyncEngine, session: AsyncSession) -> Iterator[list[str]]:
    """What is sent meanwhile, and where the session's savepoints are opened and ended.

    The SAVEPOINT itself is sent late: with the first statement within.
    """

    def opened(_: Any, transaction: SessionTransaction) -> None:
        if transaction.nested:
            sent.append(OPENED)

    def ended(_: Any, transaction: SessionTransaction) -> None:
        if transaction.nested or transaction.parent is None:
            sent.append(ENDED if transaction.nested else ENDED_ALL)

    with statements(engine) as sent:
        listeners = {"after_transaction_create": opened, "after_transaction_end": ended}
        for name, listener in listeners.items():
            event.listen(session.sync_session, name, listener)
        yield sent
        for name, listener in listeners.items():
            event.remove(session.sync_session, name, listener)


def ended_all(sent: Sequence[str]) -> bool:
    """Whether the transaction around all savepoints was ended."""
    return ENDED_ALL in sent


def question(sent: Sequence[str]) -> str:
    """The question about the savepoint of an INSERT that failed; empty where it had its own."""
    opened = opened_by(sent)
    if not opened:
        return "what happens to a transaction when one of its statements fails?"
    if opened > sent.count(ENDED):
        return "which line ends a savepoint that `begin_nested` has opened?"
    if not _last_was_inside(sent):
        return SENT_BEFORE
    if opened == 1:
        return "how many users are undone when the one savepoint around all of them fails?"
    return ""


def opened_by(sent: Sequence[str]) -> int:
    """How many savepoints were opened."""
    return sent.count(OPENED)


def _last_was_inside(sent: Sequence[str]) -> bool:
    """Whether a savepoint was open when the last INSERT was sent."""
    depth, inside = 0, False
    for each in sent:
        depth += (each == OPENED) - (each == ENDED)
        inside = depth > 0 if each.startswith("INSERT") else inside
    return inside
