"""11.retry: however often a unit of work is done, one row and one message."""

import asyncio
from typing import Any

from sqlalchemy import exc

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_connection
from workbook.checks.nb01.tasks import expect_no_task_left
from workbook.checks.nb07.sessions import app_sessions
from workbook.checks.nb11.schema import bring_up_to_date
from workbook.checks.nb11.units import Units
from workbook.checks.verdict import NotYet, Reason

TITLE = "Disk is full"
TROUBLE = """
CREATE SEQUENCE attempts;
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
'BEGIN IF nextval(''attempts'') <= 2 THEN RAISE ''again'' USING ERRCODE = ''40001''; END IF;
RETURN NULL; END'
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER trouble AFTER INSERT ON incident
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()
"""
AT_INSERT = "CREATE TRIGGER trouble AFTER INSERT ON incident FOR EACH ROW EXECUTE FUNCTION fail()"
NO_MORE = "DROP TRIGGER trouble ON incident; ALTER SEQUENCE attempts RESTART"
ROWS = "SELECT id, severity, team_id FROM incident WHERE title = $1"
COMMITS = "whose commit is it, and what can undo the first attempt behind that?"
UNDO = "what of your work can nobody undo, and how often was it done?"
NO_OBJECT = (
    "Each attempt sends an INSERT of its own, so no attempt builds on what the one before it has"
    " left. The message goes out when the row is there for everybody, and never for a row that is"
    " not."
)
FRESH = "which object does the second attempt add, and what is that object for its session?"


async def check(answer: Answer) -> Reason | None:
    """Nothing in its way; two COMMITs in vain; two INSERTs in vain; and in vain for good."""
    declare = answer.get()
    await bring_up_to_date(answer)
    await answer.observer.execute(TROUBLE)
    async with app_sessions() as sessions:
        trial = Trial(answer, declare, Units(sessions))
        await trial.each_once("")
        trial.units.undone = 1
        await trial.each_once(", where the first attempt is undone behind its last line")
        for trouble, when in ((AT_COMMIT, "COMMIT"), (AT_INSERT, "the INSERT")):
            await answer.observer.execute(trouble)
            await trial.each_once(f", where {when} fails twice with 40001")
            await answer.observer.execute(NO_MORE)
        await trial.none_is_stored()
    return None if answer.called() & {"Incident", "merge"} else Reason(NO_OBJECT)


def _of_rows(rows: int, attempts: int, *, alone: bool) -> str:
    """The question about a number of rows; `alone` says that nothing was in the way."""
    if rows > 1 and alone and attempts > 1:
        return "how often does your function call `transact`?"
    if rows > 1:
        return COMMITS
    return FRESH if attempts > 1 else "what was added to the session?"


class Trial:
    """Calls of the learner's function, and what the channel was told meanwhile."""

    def __init__(self, answer: Answer, declare: Any, units: Units) -> None:
        self._answer, self._declare, self.units = answer, declare, units
        self._told: list[tuple[str, int]] = []

    async def _send(self, message: str) -> None:
        """What the channel is told, and how many rows everybody can see then."""
        async with own_connection(self._answer) as everybody:
            self._told.append((message, len(await everybody.fetch(ROWS, TITLE))))

    async def each_once(self, where: str) -> None:
        """One row of the id that came back, and one message behind the COMMIT."""
        await self._answer.observer.execute(f"DELETE FROM incident WHERE title = '{TITLE}'")
        self._told.clear()
        call = f"declare(transact, send, {TITLE!r}, 2){where}"
        before, tasks = self.units.attempts, asyncio.all_tasks()
        got = await self._declare(self.units, self._send, TITLE, 2)
        expect_no_task_left(asyncio.all_tasks() - tasks, call)
        attempts = self.units.attempts - before
        ask = "who commits your work, and does it again?"
        expect_state(f"{call}: whether it called transact", bool(attempts), True, ask)
        rows = await self._answer.observer.fetch(ROWS, TITLE)
        ask = _of_rows(len(rows), attempts, alone=not where)
        expect_state(f"{call}: how many rows are stored", len(rows), 1, ask)
        if got != rows[0]["id"]:
            ask = "which id belongs to the row that is stored?" if isinstance(got, int) else ""
            if got is None:
                ask = "when does a new object get its id, and does your unit of work return it?"
                if self.units.result is not None:
                    ask = "who gets what `transact` returns, and what does your function return?"
            raise NotYet(
                call, got=f"it returned {show(got)}", wanted=f"{rows[0]['id']}, the id", ask=ask
            )
        values = (rows[0]["severity"], rows[0]["team_id"])
        expect_state(f"{call}: severity and team", values, ("major", 2), "what is stored?")
        messages = [message for message, _ in self._told]
        wanted = [f"incident {got}: {TITLE}"]
        ask = UNDO if len(messages) > 1 else "which text is the channel told, and when?"
        expect_state(f"{call}: the messages", messages, wanted, ask)
        ask = "what can still happen between your message and the COMMIT?"
        seen = self._told[0][1]
        expect_state(f"{call}: the rows that others see when the message goes out", seen, 1, ask)

    async def none_is_stored(self) -> None:
        """A team that does not exist: no row, no message, and the caller is told."""
        self._told.clear()
        call = f"declare(transact, send, {TITLE!r}, 99), a team that does not exist"
        try:
            got = f"it returned {show(await self._declare(self.units, self._send, TITLE, 99))}"
        except exc.IntegrityError:
            ask = "what is the channel told of an incident that is not there?"
            expect_state(f"{call}: the messages", [each for each, _ in self._told], [], ask)
            return
        ask = "who can tell the caller that nothing was stored?"
        raise NotYet(call, got=got, wanted="the IntegrityError goes on", ask=ask)
