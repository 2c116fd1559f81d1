"""06.scope: the session that a request is lent, whose commit comes before the answer."""

import asyncio

import httpx
from fastapi import FastAPI, HTTPException

from workbook.checks import busy
from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.connections import app_engine
from workbook.checks.crashes import watched
from workbook.checks.nb06.complaints import nothing_lent
from workbook.checks.nb06.scope_of import asks_for_a_session, scope_of, who_commits
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT, NewUser, rows_of, store
from workbook.checks.verdict import NotYet
from workbook.evidence.app_server import AppServer

COMMIT_WAITS = """
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(6); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON user_account
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
"""


async def check(answer: Answer) -> None:
    """No 201 without its row; what was written can be read at once; nothing is left open."""
    kind = answer.get()
    asks_for_a_session(kind)
    app, lent, seen = FastAPI(), [], []

    @app.post("/users", status_code=201)
    async def post(new: NewUser, session: kind) -> dict[str, int]:  # type: ignore[valid-type]
        lent.append(session)
        stored = await store(session, new.email)
        if new.name == "fails":
            seen.append(await rows_of(answer, new.email))
            raise HTTPException(400)
        return {"id": stored}

    await answer.observer.execute(UNIQUE_AT_COMMIT)
    async with app_engine() as engine:
        async with AppServer(watched(app)) as client:
            await _answers_after_commit(answer, client)
            await _errors_promise_nothing(answer, client, seen)
            nothing_lent(answer, engine, "POST /users, whose endpoint raises 400")
        ask = "what happens when two requests use one session at the same time?"
        sessions = len({*map(id, lent)})
        expect_state(f"POST /users, {len(lent)} times: the sessions lent", sessions, len(lent), ask)


async def _post(client: httpx.AsyncClient, email: str, name: str = "") -> int:
    return (await client.post("/users", json={"email": email, "name": name})).status_code


async def _answers_after_commit(answer: Answer, client: httpx.AsyncClient) -> None:
    """While COMMIT is held there must be no answer; a wrong one was sent before it began."""
    await answer.observer.execute(COMMIT_WAITS)
    await answer.observer.execute("SELECT pg_advisory_lock(6)")
    asking = asyncio.create_task(_post(client, "first@x"))
    await busy.eventually(lambda: _answered_or_committing(answer, asking), timeout=3)
    early, _ = await asyncio.wait([asking], timeout=0.3)
    await answer.observer.execute("SELECT pg_advisory_unlock(6)")
    status = await asking
    if early:
        await _comes_late(answer)
        said, ask = scope_of(answer.get())
        raise NotYet(
            "POST /users, while COMMIT waits",
            got=f"the client already has its {status}, and {said}",
            wanted="no answer before the COMMIT",
            ask=ask,
        )
    expect_state("POST /users: its status", status, 201, "what does the endpoint get to work with?")
    rows = await rows_of(answer, "first@x")
    expect_state("POST /users: the rows after it", rows, 1, who_commits(answer.get()))


async def _answered_or_committing(answer: Answer, asking: "asyncio.Task[int]") -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return asking.done() or bool(await answer.observer.fetchval(waiting))


async def _comes_late(answer: Answer) -> None:
    """A row that comes late is one mistake, a row that never comes another."""
    rows = await busy.eventually(lambda: rows_of(answer, "first@x"), timeout=1)
    expect_state("POST /users: the rows after it", rows, 1, who_commits(answer.get()))


async def _errors_promise_nothing(
    answer: Answer, client: httpx.AsyncClient, seen: list[int]
) -> None:
    again = await _post(client, "first@x")
    if again < 400:
        ask = "does the answer know how the COMMIT ended?"
        wanted = "an answer that does not promise a row"
        raise NotYet("POST /users, when COMMIT fails", got=str(again), wanted=wanted, ask=ask)
    status = await _post(client, "bad@x", "fails")
    called = "POST /users, whose endpoint raises 400"
    expect(called, status, 400, "who changes the error?")
    rows = await rows_of(answer, "bad@x")
    ask = "what commits after an error?"
    if any(seen):
        ask = "others saw that row before the endpoint had ended: what committed it, and when?"
    expect_state(f"{called}: the rows after it", rows, 0, ask)
