"""Checks of notebook 07: repository functions, conflicts, an idempotent intake, rules."""

import asyncio
from collections.abc import Awaitable, Callable
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
    try:
        async with _sessions()() as session:
            await session.execute(text("INSERT INTO team (name) VALUES ('before')"))
            user = await add(session, new)
            _has_id(user)
            await _uncommitted(answer, session)
            await session.commit()
        await _stored(answer, user)
        async with _sessions()() as session:
            await _pages(page, session)
            await _gets(answer.get("get"), session)
    finally:
        await _dispose()


def _has_id(user: Any) -> None:
    if getattr(user, "id", None) is None:
        raise NotYet(
            "add(session, new)",
            f"it returned {show(user) if user is None else 'a user without an id'}",
            "a user with its id",
            "which call sends the INSERT, and brings the id?",
        )


async def _uncommitted(answer: Answer, session: AsyncSession) -> None:
    early = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'before'")
    expect("the rows that others see before the caller commits", early, 0, "whose commit is it?")
    kept = await session.scalar(text("SELECT count(*) FROM team WHERE name = 'before'"))
    expect("what the caller wrote before", kept, 1, "what did you undo that was not yours?")


async def _stored(answer: Answer, user: Any) -> None:
    row = await answer.observer.fetchrow(
        "SELECT name, email, login, team_id FROM user_account WHERE id = $1", user.id
    )
    wanted = ("Zoë", "zoe@x.test", "zoe", 2)
    expect("the row, after the caller's commit", row and tuple(row), wanted, "what was stored?")


async def _pages(page: Any, session: AsyncSession) -> None:
    await session.execute(text("UPDATE user_account SET name = 'Zed' WHERE id = 3"))
    await session.execute(text("DELETE FROM user_account WHERE id = 6"))
    for after, limit in ((0, 3), (3, 4), (22, 50), (99, 5)):
        found = await page(session, after, limit)
        call = f"page(session, {after}, {limit})"
        if not isinstance(found, list | tuple):
            raise NotYet(call, show(found), "users", "what is left when the session is closed?")
        ids = [each.id for each in found]
        wanted = [number for number in range(after + 1, 26) if number != 6][:limit]
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
        for what in OURS:
            await _goes_on(app, what)
        async with client_of(app) as client:
            for what, (status, part) in WANTED.items():
                got = await client.post(f"/{what}")
                ask = "what tells one broken constraint from another?"
                expect(f"the status for {what}", got.status_code, status, ask)
                _says(module, what, got, part)
    finally:
        await _dispose()


async def _goes_on(app: FastAPI, what: str) -> None:
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
        got,
        "the IntegrityError goes on",
        "what should the log say about a constraint that nobody has named?",
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
            show(got.json().get("detail")),
            f"the sentence that says {part!r}",
            "which of the sentences belongs to that constraint?",
        )


INSERT = "INSERT INTO user_account (name, email, login, team_id) VALUES "
STATEMENTS = {
    "an email that is taken": INSERT + "('A', 'ada@nightwatch.test', 'a', 1)",
    "a team that does not exist": INSERT + "('A', 'a@x', 'a', 99)",
    "a team's name that is taken": "INSERT INTO team (name) VALUES ('payments')",
    "a severity that is none": "INSERT INTO incident (title, severity, team_id)"
    " VALUES ('x', 'high', 1)",
    "a name that is missing": "INSERT INTO team (name) VALUES (NULL)",
}
WANTED = {
    "an email that is taken": (409, "email"),
    "a team that does not exist": (404, "no such team"),
    "a team's name that is taken": (409, "team of this name"),
}
OURS = ("a severity that is none", "a name that is missing")


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
        again = await _taken(answer, take_in, first.model_copy(update={"payload": {}}), new=False)
        expect("the id of the same alert, again", again, one, "which row is the same alert?")
        for other in others:
            mine = await _taken(answer, take_in, other, new=True)
            again = await _taken(answer, take_in, other, new=False)
            expect("the id of another alert, again", again, mine, "which row is the same alert?")
        await _payload(answer, one)
        await _at_once(answer, take_in, first.model_copy(update={"dedupe_key": "at once"}))
    finally:
        await _dispose()


async def _taken(answer: Answer, take_in: Any, alert: Any, new: bool) -> int:
    call = f"take_in(session, alert {alert.dedupe_key!r} of team {alert.team_id})"
    async with _sessions()() as session:
        await session.execute(text("SELECT 1"))
        stored, is_new = await _pair(call, take_in, session, alert)
        await _not_committed(answer, alert, call, new)
        await session.commit()
    expect(f"whether it is new, of {call}", bool(is_new), new, "was it there before?")
    expect("its key", stored.dedupe_key, alert.dedupe_key, "which row did you return?")
    return int(stored.id)


async def _pair(call: str, take_in: Any, session: AsyncSession, alert: Any) -> Any:
    got = await take_in(session, alert)
    if not (isinstance(got, tuple) and len(got) == 2 and getattr(got[0], "id", None)):
        raise NotYet(
            call,
            f"it returned {show(got)}",
            "the alert as it is stored, and whether it is new",
            "what does RETURNING give when nothing was stored?",
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


async def _payload(answer: Answer, alert_id: int) -> None:
    payload = await answer.observer.fetchval("SELECT payload FROM alert WHERE id = $1", alert_id)
    expect(
        "the payload after the same alert came again",
        payload.replace(" ", ""),
        '{"n":1}',
        "does the same alert again change anything?",
    )


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
            f"the second raised {type(error).__name__}",
            "the row of the first, and no error",
            "what happens between your question and your insert?",
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
TURNS: tuple[tuple[list[Person], float, str | None], ...] = (
    ([ADA, BEN, LEA], 0, "Ada"),
    ([ADA, BEN, LEA], 4.9, "Ada"),
    ([ADA, BEN, LEA], 5, "Ben"),
    ([ADA, BEN, LEA], 10, "Lea"),
    ([ADA, BEN, LEA], 500, "Lea"),
    ([LEA, BEN, KAI, ADA], 0, "Ben"),
    ([LEA, BEN, KAI, ADA], 7, "Ada"),
    ([LEA, BEN, KAI, ADA], 12, "Lea"),
    ([LEA, BEN, KAI, ADA], 17, "Kai"),
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
            raise NotYet(call, f"it returned {show(said)}", "text", "what does nothing look like?")
        if bool(said.strip()) != refused:
            wanted = "a reason" if refused else "''"
            raise NotYet(call, f"it returned {said!r}", wanted, "may this person take it?")
    for people, minutes, name in TURNS:
        _turn(turn, people, minutes, name)


REFUSALS = (
    ("open", 1, 1, False),
    ("open", 2, 2, False),
    ("open", 1, 2, True),
    ("acknowledged", 1, 1, True),
    ("resolved", 1, 1, True),
    ("resolved", 1, 2, True),
)


def _turn(turn: Any, people: list[Person], minutes: float, name: str | None) -> None:
    names = ", ".join(f"{each.name} ({each.role})" for each in people)
    call = f"next_to_page([{names}], {minutes} minutes)"
    given = list(people)
    got = turn(given, timedelta(minutes=minutes))
    ask = "who is before whom, and whose turn is over?"
    expect(call, got and getattr(got, "name", show(got)), name, ask)
    expect(f"the list after {call}", given == people, True, "whose list is it?")
