"""Check of 02.incident: moments with a zone, a default and an update, a guarded severity."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Enum, exc, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.nb02.schema import (
    columns_of,
    create_tables,
    expect_columns_as_typed,
    expect_loud_relation,
    expect_team_indexed,
)
from workbook.checks.nb02.severities import (
    CHECK,
    INSERT_SEVERITY,
    check_has_its_name,
    listed_severities,
    nothing_else_refused,
    other_severities,
    question_of_rule,
    values_of_nobody,
)
from workbook.checks.verdict import NotYet, Reason

_ENUM = Reason(
    try_next="Run the cell below *From the other side*, which makes the table. Then add"
    ' `models.Incident(title="on fire", severity="high", team_id=1)` in a `sessions.begin()` block:'
    f" the constraint `{CHECK}` refuses it, for an Enum sends on a text that it does not know."
    " What does `validate_strings=True` change?"
)


async def check(answer: Answer) -> Reason | None:
    """Moments with a zone, a default and an update the app can read; a guarded severity."""
    models, incident = answer.load(), answer.get()
    async with own_engine(answer) as engine:
        await create_tables(models, engine)
        await _moments(answer, incident)
        await listed_severities(answer)
        await other_severities(answer)
        await check_has_its_name(answer)
        await values_of_nobody(answer)
        await _opened(answer)
        await expect_team_indexed(answer, "incident")
        await expect_loud_relation(answer, incident)
        await _changed(answer, incident, engine)
        await nothing_else_refused(answer)
    return _ENUM if isinstance(incident.__table__.c.severity.type, Enum) else None


_FILLED = {
    "title": "str",
    "severity": "str",
    "status": "str",
    "opened_at": "datetime",
    "team_id": "int",
}
_TOKYO = "SET TIME ZONE 9"  # hours: a name would need the server's list of zones


async def _moments(answer: Answer, incident: Any) -> None:
    columns = await columns_of(answer, "incident")
    for name in ("opened_at", "changed_at"):
        if name not in columns:
            there = ", ".join(columns)
            raise NotYet.looked_at(
                "the columns of the table", got=there, wanted=f"a column {name!r}, too"
            )
        kind = columns[name][0]
        expect_state(
            f"the column {name!r} of the table",
            kind,
            "timestamp with time zone",
            "does the column store a moment, or what a clock on some wall shows?",
        )
    await expect_columns_as_typed(answer, "incident", _FILLED)
    await answer.observer.execute(f"{_TOKYO}; INSERT INTO team (name) VALUES ('payments')")
    try:
        await answer.observer.execute(INSERT_SEVERITY, "minor")
    except asyncpg.NotNullViolationError as error:
        column = incident.__table__.c[error.column_name]
        raise NotYet.looked_at(
            f"an INSERT that does not name {error.column_name}, not from your app",
            got=f"it is refused: {error.column_name} is missing",
            wanted="a value that the database gives",
            ask="which default does PostgreSQL know, and which one only Python?"
            if column.default is not None
            else "who gives the value where an INSERT does not name the column?",
        ) from None
    except asyncpg.CheckViolationError as error:
        raise NotYet.looked_at(
            "an INSERT of the severity 'minor' and the usual status, not from your app",
            got=f"refused: {str(error).partition(chr(10))[0]}",
            wanted="a new row",
            ask=await question_of_rule(answer),
        ) from None


_HOUR = timedelta(hours=1)
_ZONE_LOST = "which conversion takes the zone away from a moment, and who puts another one on?"


async def _opened(answer: Answer) -> None:
    """Each INSERT has its own opened_at: now, also where the session is in another zone."""
    rows = await answer.observer.fetch(
        "SELECT opened_at, clock_timestamp() - opened_at FROM incident ORDER BY id"
    )
    (first, away), (last, _) = rows[0], rows[-1]
    far = abs(away) > _HOUR
    if first == last and (far or _is_fine(first)):
        raise NotYet.looked_at(
            "opened_at, of two INSERTs",
            got="the same moment",
            wanted="each its own",
            ask="is it computed once, or at each INSERT?",
        )
    if far:
        raise NotYet.looked_at(
            "opened_at, of an INSERT from a session in Tokyo",
            got=f"{abs(away) // _HOUR} hours away from now",
            wanted="now",
            ask=_ZONE_LOST,
        )


def _is_fine(moment: datetime) -> bool:
    """Whether it is not cut to seconds: two of those are equal only if they are one."""
    return moment.microsecond != 0


def _null_until_changed(incident: Any) -> None:
    column = incident.__table__.c.changed_at
    if given := column.server_default or column.default:
        argument = "server_default" if given is column.server_default else "default"
        raise NotYet.looked_at(
            "incident.changed_at of an incident that nobody has changed",
            got=f"a moment: `{argument}` gives it when the row is made",
            wanted="NULL",
            ask="how does a reader tell a row that was changed from one that was only made?",
        )


async def _changed(answer: Answer, incident: Any, engine: AsyncEngine) -> None:
    _null_until_changed(incident)
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        found: Any = await session.get(incident, 1)
        opened = found.opened_at
        first = await _change(session, found, "another title")
        second = await _change(session, found, "the next title")
    if first == second and _is_fine(first):
        raise NotYet.looked_at(
            "incident.changed_at, after two changes",
            got="the same moment",
            wanted="each its own",
            ask="which argument of a column speaks about updates?"
            if incident.__table__.c.changed_at.onupdate is None
            else "what does `onupdate` hold: a function, or what it returned once?",
        )
    await _moments_after_change(answer, opened, second)


async def _moments_after_change(answer: Answer, opened: datetime, changed: datetime) -> None:
    """The moment of the change is now, and the one of the opening is what it was."""
    now, kept = await answer.observer.fetchrow("SELECT now(), opened_at FROM incident WHERE id = 1")
    if (away := abs(now - changed)) > _HOUR:
        raise NotYet.looked_at(
            "incident.changed_at, after a change from a session in Tokyo",
            got=f"{away // _HOUR} hours away from now",
            wanted="now",
            ask=_ZONE_LOST,
        )
    if kept != opened:
        raise NotYet.looked_at(
            "incident.opened_at, after a change of the title",
            got="it has changed too",
            wanted="the moment at which it was opened",
            ask="which of the two moments does an update move?",
        )


_BY_ITSELF = (
    "`server_onupdate` only tells SQLAlchemy that the database sets the value by itself, and"
    " nothing there does"
)


async def _change(session: AsyncSession, found: Any, title: str) -> datetime:
    """Change the title, and return the moment that can be read after the flush."""
    call = "incident.changed_at, after a flush of a change"
    wanted = "the moment of the change"
    await session.execute(text(_TOKYO))
    found.title = title
    await session.flush()
    try:
        changed = found.changed_at
    except exc.MissingGreenlet:
        got = "reading it raised MissingGreenlet: PostgreSQL knows it, and nobody asked"
        ask = "which mapper option asks for such values in the same statement?"
        raise NotYet.looked_at(call, got=got, wanted=wanted, ask=ask) from None
    if not isinstance(changed, datetime):
        got, ask = show(changed), "which argument of a column speaks about updates?"
        if type(found).__table__.c.changed_at.server_onupdate is not None:
            got += f"; {_BY_ITSELF}"
            ask = "which argument of a column puts the value into the UPDATE?"
        raise NotYet.looked_at(call, got=got, wanted=wanted, ask=ask)
    if changed.tzinfo is None:
        ask = "which zone does that moment have, and who may guess it?"
        raise NotYet.looked_at(call, got="a moment without a zone", wanted=wanted, ask=ask)
    await session.commit()
    return changed
