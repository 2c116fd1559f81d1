"""Checks of notebook 07: repository functions, conflicts, an idempotent intake, rules."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect, show
from workbook.checks.nb05 import client_of
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet

Work = Callable[[AsyncSession], Awaitable[Any]]


async def _tables() -> None:
    """Bring the tables that this notebook adds, where the migration did not run yet."""
    from app.database import Base, engine

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def _sessions() -> "async_sessionmaker[AsyncSession]":
    from app.database import engine

    return async_sessionmaker(engine, expire_on_commit=False)


async def _dispose() -> None:
    from app.database import engine

    await engine.dispose()


# Repository functions


@checks("07.users")
async def users(answer: Answer) -> None:
    """An id at once, no commit, no rollback; a page in order, bounded, from after an id."""
    from app.schemas import UserIn

    add, page = answer.get("add"), answer.get("page")
    new = UserIn(name="Zoë", email="zoe@x.test", login="zoe", team_id=2)
    last = await answer.observer.fetchval(NEXT_ID)
    try:
        async with _callers(answer, "add(session, new)") as session:
            user = await add(session, new)
            _has_id(user, last + 1)
        await _stored(answer, user)
        async with _callers(answer, TAKEN) as session:
            await _goes_to_the_caller(add, session, new)
        async with _callers(answer, "page and get") as session:
            await _pages(page, session)
            await _gets(answer.get("get"), session)
    finally:
        await _dispose()


NEXT_ID = "SELECT nextval(pg_get_serial_sequence('user_account', 'id'))"
"""Takes an id that nobody has, as an insert does that is undone."""
TAKEN = "add(session, new), whose email is taken"
TEAMS = "SELECT count(*) FROM team WHERE name = "


@asynccontextmanager
async def _callers(answer: Answer, call: str) -> AsyncIterator[AsyncSession]:
    """A session whose caller has written a row: it is the caller's to commit, or to undo."""
    async with _sessions()() as session:
        await session.execute(text("INSERT INTO team (name) VALUES (:call)"), {"call": call})
        yield session
        early = await answer.observer.fetchval(TEAMS + "$1", call)
        seen = f"how many of the caller's rows others see after {call}"
        expect(seen, early, 0, "whose commit is it?")
        try:
            kept = await session.scalar(text(TEAMS + ":call"), {"call": call})
        except (exc.PendingRollbackError, exc.DBAPIError):  # the caller is to roll back
            return
        ask = "what did you undo that was not yours?"
        expect(f"the rows that the caller wrote before {call}", kept, 1, ask)
        await session.commit()


def _has_id(user: Any, wanted: int) -> None:
    if getattr(user, "id", None) is None:
        raise NotYet(
            "add(session, new)",
            got=f"it returned {show(user) if user is None else 'a user without an id'}",
            wanted="a user with its id",
            ask="which call sends the INSERT, and brings the id?",
        )
    ask = "who gives ids, also where two ask at once?"
    expect("the id of the new user, next in the sequence", user.id, wanted, ask)


async def _goes_to_the_caller(add: Any, session: AsyncSession, new: Any) -> None:
    try:
        got = await add(session, new)
    except exc.IntegrityError:
        return
    ask = "who can tell the client that the email is taken?"
    raise NotYet(
        TAKEN, got=f"it returned {show(got)}", wanted="the IntegrityError goes on", ask=ask
    )


async def _stored(answer: Answer, user: Any) -> None:
    row = await answer.observer.fetchrow(
        "SELECT name, email, login, team_id FROM user_account WHERE id = $1", user.id
    )
    wanted = ("Zoë", "zoe@x.test", "zoe", 2)
    expect("the row, after the caller's commit", row and tuple(row), wanted, "what was stored?")


IDS = [number for number in range(1, 27) if number not in (6, 25)]
"""24 people, without the one who leaves, and the new one; 25 was given to nobody."""


async def _pages(page: Any, session: AsyncSession) -> None:
    await session.execute(text("UPDATE user_account SET name = 'Zed' WHERE id = 3"))
    await session.execute(text("DELETE FROM user_account WHERE id = 6"))
    for after, limit in ((0, 3), (3, 4), (22, 50), (99, 5)):
        found = await page(session, after, limit)
        call = f"page(session, {after}, {limit})"
        if not isinstance(found, list | tuple):
            raise NotYet(
                call,
                got=show(found),
                wanted="users",
                ask="what is left when the session is closed?",
            )
        ids = [each.id for each in found]
        wanted = [number for number in IDS if number > after][:limit]
        expect(f"the ids of {call}", ids, wanted, "which rows, in which order, and how many?")


async def _gets(get: Any, session: AsyncSession) -> None:
    found = [getattr(await get(session, user_id), "name", None) for user_id in (2, 999)]
    expect("the names of get(session, 2) and get(session, 999)", found, ["Ben", None], "who is it?")


# Conflicts


@checks("07.conflict")
async def conflict(answer: Answer) -> None:
    """Named constraints get their status and sentence; any other stays an error of ours."""
    module = answer.load()
    app = FastAPI(exception_handlers=module.HANDLERS)

    @app.post("/{sql:path}")
    async def post(sql: str) -> None:
        async with _sessions().begin() as session:
            await session.execute(text(STATEMENTS[sql]))

    try:
        await _says_all(app, module, WANTED)
        for what, ask in OURS.items():
            await _goes_on(app, what, ask)
        answer.get("REASONS")["uq_shift_day"] = (409, "This day has somebody.")
        await _says_all(app, module, {SHIFT: (409, "This day has somebody.")})
    finally:
        await _dispose()


async def _says_all(app: FastAPI, module: Any, wanted: dict[str, tuple[int, str]]) -> None:
    async with client_of(app) as client:
        for what, (status, part) in wanted.items():
            got = await client.post(f"/{what}")
            ask = "where do the status and the sentence of a constraint stand?"
            expect(f"the status for {what}", got.status_code, status, ask)
            _says(module, what, got, part)


async def _goes_on(app: FastAPI, what: str, ask: str) -> None:
    """A broken constraint without a sentence reaches whoever writes the log, as it was."""
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            got = f"the answer {(await client.post(f'/{what}')).status_code}"
    except exc.IntegrityError:
        return
    except KeyError as error:
        got = f"KeyError: {error}"
    raise NotYet(
        f"conflict, for {what}",
        got=got,
        wanted="the IntegrityError goes on",
        ask=ask,
    )


def _says(module: Any, what: str, got: Any, part: str) -> None:
    expect(
        f"the content type for {what}",
        got.headers["content-type"],
        module.MEDIA_TYPE,
        "which function makes problems?",
    )
    if part not in str(got.json().get("detail")):
        raise NotYet(
            f"the detail for {what}",
            got=show(got.json().get("detail")),
            wanted=f"the sentence that says {part!r}",
            ask="which of the sentences belongs to that constraint?",
        )


INSERT = "INSERT INTO user_account (name, email, login, team_id) VALUES "
SHIFT = "a day that is taken (uq_shift_day)"
STATEMENTS = {
    "an email that is taken": INSERT + "('A', 'ada@nightwatch.test', 'a', 1)",
    "a team that does not exist": INSERT + "('A', 'a@x', 'a', 99)",
    "a team's name that is taken": "INSERT INTO team (name) VALUES ('payments')",
    "a severity that is none": "INSERT INTO incident (title, severity, team_id)"
    " VALUES ('x', 'high', 1)",
    "an incident called uq_team_name, of no known severity": "INSERT INTO incident"
    " (title, severity, team_id) VALUES ('uq_team_name', 'high', 1)",
    "a name that is missing": "INSERT INTO team (name) VALUES (NULL)",
    SHIFT: "DO $$ BEGIN CREATE TEMP TABLE shift (day int CONSTRAINT uq_shift_day UNIQUE);"
    " INSERT INTO shift VALUES (1), (1); END $$",
}
WANTED = {
    "an email that is taken": (409, "email"),
    "a team that does not exist": (404, "no such team"),
    "a team's name that is taken": (409, "team of this name"),
}
UNNAMED = "what should the log say about a constraint that nobody has named?"
OURS = {
    "a severity that is none": UNNAMED,
    "a name that is missing": UNNAMED,
    SHIFT: "which names have a sentence, and which only look like them?",
    "an incident called uq_team_name, of no known severity": "who wrote the words of the message,"
    " and which part of the error is only the constraint's name?",
}


# Intake


@checks("07.intake")
async def intake(answer: Answer) -> None:
    """Once for a team and a key, also when two come at once; never a commit, never an error."""
    from app.schemas import AlertIn

    take_in = answer.get()
    await _tables()
    first = AlertIn(team_id=1, dedupe_key="db-1", title="x", severity="minor", payload={"n": 1})
    others = [first.model_copy(update=change) for change in ({"team_id": 2}, {"dedupe_key": "b"})]
    try:
        one = await _taken(answer, take_in, first, new=True)
        row = await _stored_alert(answer, one)
        again = await _taken(answer, take_in, first.model_copy(update={"payload": {}}), new=False)
        expect("the id of the same alert, again", again, one, "which row is the same alert?")
        for other in others:
            mine = await _taken(answer, take_in, other, new=True)
            again = await _taken(answer, take_in, other, new=False)
            expect("the id of another alert, again", again, mine, "which row is the same alert?")
        ask = "does the same alert again change anything?"
        changed = {name: now for name, now in (await _row(answer, one)).items() if now != row[name]}
        expect("the columns that the same alert changed", changed, {}, ask)
        await _no_such_team(take_in, first.model_copy(update={"team_id": 99}))
        await _at_once(answer, take_in, first.model_copy(update={"dedupe_key": "at once"}))
    finally:
        await _dispose()


async def _taken(answer: Answer, take_in: Any, alert: Any, new: bool) -> int:
    call = f"take_in(session, alert {alert.dedupe_key!r} of team {alert.team_id})"
    call += "" if new else ", again"
    async with _callers(answer, call) as session:
        stored, is_new = await _pair(call, take_in, session, alert)
        await _not_committed(answer, alert, call, new)
    expect(f"whether it is new, of {call}", bool(is_new), new, "was it there before?")
    expect("its key", stored.dedupe_key, alert.dedupe_key, "which row did you return?")
    return int(stored.id)


async def _pair(call: str, take_in: Any, session: AsyncSession, alert: Any) -> Any:
    got = await take_in(session, alert)
    if not (isinstance(got, tuple) and len(got) == 2 and getattr(got[0], "id", None)):
        raise NotYet(
            call,
            got=f"it returned {show(got)}",
            wanted="the alert as it is stored, and whether it is new",
            ask="what does RETURNING give when nothing was stored?",
        )
    return got


async def _not_committed(answer: Answer, alert: Any, call: str, new: bool) -> None:
    seen = await _rows(answer, alert)
    expect(f"the rows that others see during {call}", seen, 0 if new else 1, "whose commit is it?")


async def _rows(answer: Answer, alert: Any) -> int:
    return int(
        await answer.observer.fetchval(
            "SELECT count(*) FROM alert WHERE team_id = $1 AND dedupe_key = $2",
            alert.team_id,
            alert.dedupe_key,
        )
    )


async def _stored_alert(answer: Answer, alert_id: int) -> Any:
    row = await _row(answer, alert_id)
    ask = "which values of the alert are stored?"
    expect("the payload that is stored", json.loads(row["payload"]), {"n": 1}, ask)
    return row


async def _row(answer: Answer, alert_id: int) -> Any:
    return dict(await answer.observer.fetchrow("SELECT * FROM alert WHERE id = $1", alert_id))


async def _no_such_team(take_in: Any, alert: Any) -> None:
    call = "take_in, for a team that does not exist"
    try:
        async with _sessions()() as session:
            got = f"it returned {show(await take_in(session, alert))}"
    except exc.IntegrityError:
        return
    except exc.NoResultFound as error:
        got = f"it raised NoResultFound: {error}"
    ask = "which constraint says that the alert is known, and which says something else?"
    raise NotYet(call, got=got, wanted="the IntegrityError of the foreign key goes on", ask=ask)


async def _at_once(answer: Answer, take_in: Any, alert: Any) -> None:
    """The second begins while the first has stored and not committed."""
    sessions, stored = _sessions(), asyncio.Event()

    async def one(first: bool) -> tuple[int, bool]:
        async with sessions.begin() as session:
            if not first:
                await asyncio.wait_for(stored.wait(), 3)
            found, is_new = await take_in(session, alert)
            if first:
                stored.set()
                await _waits(answer)
            return found.id, is_new

    try:
        mine, yours = await asyncio.gather(one(True), one(False))
    except exc.DBAPIError as error:
        raise NotYet(
            "take_in, twice at once",
            got=f"the second raised {type(error).__name__}",
            wanted="the row of the first, and no error",
            ask="what happens between your question and your insert?",
        ) from None
    expect("the two ids of take_in, at once", yours[0], mine[0], "who waits for whom?")
    expect("whether they are new", (mine[1], yours[1]), (True, False), "how many were stored?")
    expect("the rows after both", await _rows(answer, alert), 1, "who guards the key?")


async def _waits(answer: Answer) -> None:
    """Until the other one waits for our row, or half a second has gone."""
    for _ in range(25):
        if await answer.observer.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return
        await asyncio.sleep(0.02)


# Rules


@dataclass(frozen=True)
class Person:
    """Somebody of a team; there is no database in here."""

    name: str
    role: str


ADA, BEN = Person("Ada", "member"), Person("Ben", "member")
LEA, KAI = Person("Lea", "lead"), Person("Kai", "lead")
MIA = Person("Mia", "member")
TURNS: tuple[tuple[list[Person], float, str | None], ...] = (
    ([ADA, BEN, LEA], 0, "Ada"),
    ([ADA, BEN, LEA], 4.9, "Ada"),
    ([ADA, BEN, LEA], 5, "Ben"),
    ([ADA, BEN, LEA], 10, "Lea"),
    ([ADA, BEN, LEA], 24 * 60, "Lea"),
    ([LEA, BEN, KAI, ADA], 0, "Ben"),
    ([LEA, BEN, KAI, ADA], 7, "Ada"),
    ([LEA, BEN, KAI, ADA], 12, "Lea"),
    ([LEA, BEN, KAI, ADA], 17, "Kai"),
    ([LEA, BEN, KAI, ADA, MIA], 21, "Kai"),
    ([LEA], 0, "Lea"),
    ([], 30, None),
    ([ADA, BEN], -1, "Ada"),
)


@checks("07.rules")
async def rules(answer: Answer) -> None:
    """Each case of both rules; values are not changed; nothing of the database is imported."""
    refusal, turn = answer.get("refusal"), answer.get("next_to_page")
    for status, incident_team, user_team, refused in REFUSALS:
        call = f"refusal({status!r}, {incident_team}, {user_team})"
        said = refusal(status, incident_team, user_team)
        if not isinstance(said, str):
            raise NotYet(
                call,
                got=f"it returned {show(said)}",
                wanted="text",
                ask="what does nothing look like?",
            )
        if bool(said.strip()) != refused:
            wanted = "a reason" if refused else "''"
            raise NotYet(
                call, got=f"it returned {said!r}", wanted=wanted, ask="may this person take it?"
            )
    for people, minutes, name in TURNS:
        _turn(turn, people, minutes, name)
    vars(answer.load())["PATIENCE"] = timedelta(minutes=10)
    _turn(turn, [ADA, BEN, LEA], 10, "Ben", "with PATIENCE of 10 minutes, ")


REFUSALS = (
    ("open", 1, 1, False),
    ("open", 2, 2, False),
    ("open", 1, 2, True),
    ("open", 2, 1, True),
    ("open", 1000, int("1000"), False),  # equal, and not the same object
    ("acknowledged", 1, 1, True),
    ("resolved", 1, 1, True),
    ("resolved", 1, 2, True),
    ("merged", 1, 1, True),
)


def _turn(
    turn: Any, people: list[Person], minutes: float, name: str | None, having: str = ""
) -> None:
    names = ", ".join(f"{each.name} ({each.role})" for each in people)
    call = f"{having}next_to_page([{names}], {minutes} minutes)"
    given = list(people)
    got = turn(given, timedelta(minutes=minutes))
    ask = "who is before whom, and whose turn is over?"
    if having:
        ask = "which name says how long a turn is, for whoever reads or changes it?"
    expect(call, got and getattr(got, "name", show(got)), name, ask)
    order, before = [each.name for each in given], [each.name for each in people]
    expect(f"the caller's list after {call}", order, before, "whose list is it?")
