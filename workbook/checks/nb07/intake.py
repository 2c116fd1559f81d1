"""07.intake: an alert is stored once, however often and at whatever moment it comes."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.nb07.pairs import TURNED, finding, is_a_pair
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.own_errors import none_in_its_place
from workbook.checks.verdict import NotYet

BETWEEN = "what happens between your question and your insert?"
WHOSE_LOCK = (
    "when does the second see the row, at your flush or at the COMMIT; and who but this process"
    " knows your lock?"
)


async def check(answer: Answer) -> None:
    """Once for a team and a key, also when two come at once; never a commit, never an error."""
    from app.schemas import AlertIn

    await _make_missing_tables()
    first = AlertIn(team_id=1, dedupe_key="db-1", title="x", severity="minor", payload={"n": 1})
    async with app_sessions() as sessions:
        intake = Intake(answer, sessions, answer.get())
        await _same_alert_again(intake, first)
        await _no_such_team(intake, first.model_copy(update={"team_id": 99}))
        await _at_once(intake, first.model_copy(update={"dedupe_key": "at once"}))
        await _in_two_processes(intake, first.model_copy(update={"dedupe_key": "two processes"}))


@dataclass(frozen=True)
class Intake:
    """The learner's `take_in`, and with what it is called."""

    answer: Answer
    sessions: Sessions
    take_in: Any
    between: Callable[[], None] = lambda: None
    """What happens before the second of two calls at once."""

    async def taken(self, alert: Any, *, new: bool, first: bool = False) -> int:
        """Take this alert in, which is new or not, in a caller's transaction; the id of its row.

        `first` is the first of all alerts.
        """
        call = f"take_in(session, alert {alert.dedupe_key!r} of team {alert.team_id})"
        call += "" if new else ", again"
        async with callers_session(self.answer, self.sessions, call) as session:
            stored, is_new = await self._pair(call, session, alert)
            seen, ask = await _rows(self.answer, alert), "whose commit is it?"
            expect_state(f"{call}: the rows that others see then", seen, 0 if new else 1, ask)
        ask = "how do you learn whether your INSERT has stored a row?"
        if new and not first:
            ask = "what is the same alert: one of this team, of this key, or of both?"
        if not is_new and first and await self._says_new(alert):
            ask = TURNED
        expect_state(f"{call}: whether it is new", bool(is_new), new, ask)
        got, wanted = (f"{each.dedupe_key} of team {each.team_id}" for each in (stored, alert))
        ask = "by which columns did you look for the row?"
        expect_state(f"{call}: the key and the team of what it returned", got, wanted, ask)
        return int(stored.id)

    async def _says_new(self, alert: Any) -> bool:
        """Whether it calls an alert new that is there already."""
        async with self.sessions() as session:
            return (await self.take_in(session, alert))[1] is True

    async def _pair(self, call: str, session: AsyncSession, alert: Any) -> Any:
        from app.models import Alert

        with finding(call, "alert"):
            got = await self.take_in(session, alert)
        is_a_pair(call, got, Alert, "alert")
        return got


async def _make_missing_tables() -> None:
    """Bring the tables that this notebook adds, where the migration did not run yet."""
    from app.database import Base, engine

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def _same_alert_again(intake: Intake, first: Any) -> None:
    """The same team and key are the same row, and leave it as it is; all else is another."""
    one = await intake.taken(first, new=True, first=True)
    row = await _stored_alert(intake.answer, one)
    again = await intake.taken(first.model_copy(update={"payload": {}}), new=False)
    same = "take_in(session, alert), the same again"
    expect_state(f"{same}: the id", again, one, "which row is the same alert?")
    for change in ({"team_id": 2}, {"dedupe_key": "b"}):
        other = first.model_copy(update=change)
        mine = await intake.taken(other, new=True)
        again = await intake.taken(other, new=False)
        called = "take_in(session, alert), another one twice: the ids"
        expect_state(called, again, mine, "which row is the same alert?")
    changed = {k: v for k, v in (await _row(intake.answer, one)).items() if v != row[k]}
    ask = "does the same alert again change anything?"
    expect_state(f"{same}: the columns that it changed", changed, {}, ask)


async def _rows(answer: Answer, alert: Any) -> int:
    """How many rows of its team and key everybody sees."""
    return int(
        await answer.observer.fetchval(
            "SELECT count(*) FROM alert WHERE team_id = $1 AND dedupe_key = $2",
            alert.team_id,
            alert.dedupe_key,
        )
    )


async def _stored_alert(answer: Answer, alert_id: int) -> Any:
    row = await _row(answer, alert_id)
    ask, what = "which values of the alert are stored?", "the payload that is stored"
    expect_state(f"take_in(session, alert): {what}", json.loads(row["payload"]), {"n": 1}, ask)
    return row


async def _row(answer: Answer, alert_id: int) -> Any:
    return dict(await answer.observer.fetchrow("SELECT * FROM alert WHERE id = $1", alert_id))


async def _no_such_team(intake: Intake, alert: Any) -> None:
    call = "take_in(session, alert), of a team that does not exist"
    try:
        async with intake.sessions() as session:
            with none_in_its_place(call, intake.answer.workspace):
                got = f"it returned {show(await intake.take_in(session, alert))}"
    except exc.IntegrityError:
        return
    except exc.NoResultFound as error:
        got = f"it raised NoResultFound: {error}"
    ask = "which constraint says that the alert is known, and which says something else?"
    raise NotYet(call, got=got, wanted="the IntegrityError of the foreign key goes on", ask=ask)


async def _in_two_processes(intake: Intake, alert: Any) -> None:
    """Two workers of the app: each process gives a text another `hash()`."""
    module = intake.answer.load()

    def another_process() -> None:
        vars(module)["hash"] = lambda value: hash(("another process", value))

    try:
        await _two_at_once(replace(intake, between=another_process), alert)
    except exc.DBAPIError as error:
        raise NotYet(
            "take_in(session, alert), twice at once, in two processes of the app",
            got=f"the second raised {type(error).__name__}",
            wanted="the row of the first, and no error",
            ask="is `hash()` of the same text the same number in every process?",
        ) from None


async def _at_once(intake: Intake, alert: Any) -> None:
    """The second begins while the first has stored and not committed."""
    try:
        mine, yours = await _two_at_once(intake, alert)
    except exc.DBAPIError as error:
        got, ask = f"the second raised {type(error).__name__}", BETWEEN
        if intake.answer.called() & {"Lock", "Semaphore", "BoundedSemaphore"}:
            got, ask = f"the first had inserted, and not committed; {got}", WHOSE_LOCK
        raise NotYet(
            "take_in(session, alert), twice at once",
            got=got,
            wanted="the row of the first, and no error",
            ask=ask,
        ) from None
    twice = "take_in(session, alert), twice at once"
    expect_state(f"{twice}: the two ids", yours[0], mine[0], "who waits for whom?")
    newness = mine[1], yours[1]
    expect_state(f"{twice}: whether they are new", newness, (True, False), "how many were stored?")
    rows = await _rows(intake.answer, alert)
    expect_state(f"{twice}: the rows", rows, 1, "who guards the key?")


async def _two_at_once(intake: Intake, alert: Any) -> tuple[tuple[int, bool], tuple[int, bool]]:
    """Id and newness for the first, and for the second, which begins before the first commits."""
    stored = asyncio.Event()

    async def one(first: bool) -> tuple[int, bool]:
        async with intake.sessions.begin() as session:
            if not first:
                async with asyncio.timeout(3):
                    await stored.wait()
            found, is_new = await intake.take_in(session, alert)
            if found is None:
                _gave_no_row(first, is_new)
            if first:
                intake.between()
                stored.set()
                await _other_waits(intake.answer)
            return found.id, is_new

    return await asyncio.gather(one(True), one(False))


def _gave_no_row(first: bool, is_new: Any) -> None:
    """NotYet: of two at once, one found no row, did not store it either, and gave None."""
    raise NotYet(
        "take_in(session, alert), twice at once",
        got=f"the {'first' if first else 'second'} returned {show((None, is_new))}",
        wanted="the row of the first, and whether it is new",
        ask="what does RETURNING give when another has stored the row since you asked?",
    )


async def _other_waits(answer: Answer) -> None:
    """Until the other one waits for our row, or half a second has gone."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    await eventually(lambda: answer.observer.fetchval(waiting), timeout=0.5)
