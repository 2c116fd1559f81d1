"""Checks of notebook 05: schemas, errors that help, one endpoint, liveness and readiness."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import event

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client of the app in this process; a crash is a 500, as for a stranger."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://app")


# Schemas

GOOD = {"name": "Zoë", "email": "zoe@nightwatch.test", "login": "zoe", "team_id": 1}
REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a name with a NUL byte": ({"name": "Zo\0"}, "can PostgreSQL store that character?"),
    "a login with a NUL byte": ({"login": "\0zoe"}, "which type guards text?"),
    "a name of 201 characters": ({"name": "Z" * 201}, "how long may a line be?"),
    "a name of one blank": ({"name": " "}, "whom would you page?"),
    "an email with no @": ({"email": "zoe"}, "where would a mail to that address go?"),
    "an email with a NUL byte": ({"email": "zoe\0@x"}, "can PostgreSQL store that character?"),
    "the team 0": ({"team_id": 0}, "which numbers does a serial column give out?"),
    "the team 2147483648": ({"team_id": 2**31}, "where does an int4 end?"),
    "a field is_admin": ({"is_admin": True}, "what does a model do with unknown fields?"),
}  # fmt: skip


@checks("05.schemas")
async def schemas(answer: Answer) -> None:
    """Good input passes unchanged, bad input does not; output has five fields, from attributes."""
    into, out = answer.get("UserIn"), answer.get("UserOut")
    for change in ({}, {"name": "Z" * 200, "team_id": 2**31 - 1}, {"name": "李 小龙"}):
        _passes(into, GOOD | change)
    for what, (change, ask) in REFUSED.items():
        try:
            into.model_validate(GOOD | change)
        except ValidationError:
            continue
        raise NotYet(f"UserIn, given {what}", "it was accepted", "a refusal", ask)
    for missing in GOOD:
        _requires(into, missing)
    _shows(answer, out)


def _passes(into: Any, given: dict[str, Any]) -> None:
    shown = show(given, 90)
    try:
        kept = into.model_validate(given).model_dump()
    except ValidationError as error:
        raise NotYet(
            f"UserIn, given {shown}",
            f"it was refused: {error.errors()[0]['msg']}",
            "an object",
            "which rule is stricter than the column?",
        ) from None
    expect(f"UserIn, given {shown}", kept, given, "did a field change on its way in?")


def _requires(into: Any, missing: str) -> None:
    try:
        into.model_validate({key: value for key, value in GOOD.items() if key != missing})
    except ValidationError:
        return
    raise NotYet(
        f"UserIn, given nothing for {missing!r}",
        "it was accepted",
        "a refusal",
        "may the column be empty?",
    )


def _shows(answer: Answer, out: Any) -> None:
    from app.models import User

    user = User(id=7, **GOOD, mobile="+49 30 5550000", role="lead")
    try:
        shown = out.model_validate(user).model_dump(mode="json")
    except ValidationError as error:
        raise NotYet(
            "UserOut.model_validate(user), a User object",
            f"it was refused: {error.errors()[0]['msg']}",
            "an object that is read from attributes",
            "which setting lets a model read attributes, where it expects a dictionary?",
        ) from None
    wanted = {"id": 7, "name": "Zoë", "email": GOOD["email"], "role": "lead", "team_id": 1}
    expect("UserOut, of a user", shown, wanted, "which fields may everybody know?")


# Errors


@checks("05.invalid")
async def invalid(answer: Answer) -> None:
    """422 as problem details, each field with its reason, and nothing of what was sent."""
    from pydantic import BaseModel

    class Body(BaseModel):
        team_id: int
        name: str

    module = answer.load()
    app = FastAPI(exception_handlers=module.HANDLERS)

    @app.post("/users")
    async def post(body: Body, limit: int = 1) -> None:
        """Accept anything that fits."""

    for body, query, fields in BODIES:
        async with client_of(app) as client:
            got = await client.post("/users", content=body, params=query, headers=JSON)
        _helps(body, got, fields, module.MEDIA_TYPE)


JSON = {"content-type": "application/json"}
BODIES: tuple[tuple[bytes, dict[str, str], list[str]], ...] = (
    (b'{"team_id": "seven secrets", "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"name": 5}', {}, ["body.name", "body.team_id"]),
    (b'{"team_id": 1, "name": "Ada"}', {"limit": "many secrets"}, ["query.limit"]),
    (b'{"team_id": NaN, "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"team_id": "\\ud800", "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"team_id": 1', {}, ["body.13"]),
)


def _helps(body: bytes, got: httpx.Response, fields: list[str], kind: str) -> None:
    call = f"the answer to {body.decode()}"
    expect(
        f"the status of {call}", got.status_code, 422, "can your answer always be written as JSON?"
    )
    expect(f"the content type of {call}", got.headers["content-type"], kind, "who makes problems?")
    if b"secrets" in got.content:
        raise NotYet(
            call,
            "it repeats what was sent",
            "your own words",
            "which key of an error holds the input?",
        )
    errors = got.json().get("errors")
    named = isinstance(errors, list) and all(isinstance(each, dict) for each in errors)
    expect(
        f"the fields among the errors of {call}",
        sorted(str(each.get("field")) for each in errors) if named else show(errors),
        fields,
        "what does a client need to know to find its mistake?",
    )
    if not all(str(each.get("message") or "").strip() for each in errors):
        raise NotYet(call, "a field without a message", "the reason, for each", "why was it wrong?")


# One user


@checks("05.get_user")
async def get_user(answer: Answer) -> None:
    """200 with five fields, 404 that names the id, 422 for an id that no row can have."""
    from app import database

    module = answer.load()
    await _company(answer)
    app = FastAPI()
    app.include_router(module.router)
    public = {"id", "name", "email", "role", "team_id"}
    try:
        async with client_of(app) as client:
            for user_id in (2, 1):
                found = await _status(client, user_id, 200, "which row was asked for?")
                expect(f"the fields of user {user_id}", sorted(found), sorted(public), _LEAVES)
                expect(f"the id of user {user_id}", found["id"], user_id, "whose row is that?")
            missing = await _status(client, 999, 404, "what does `session.get` give for no row?")
            _names_it(missing)
            for bad in (2**31, 2**63, -1, "one"):
                await _refuses(client, bad)
    finally:
        await database.engine.dispose()


_LEAVES = "who decides which fields leave, the table or a schema?"


async def _company(answer: Answer) -> None:
    await answer.observer.execute("TRUNCATE team RESTART IDENTITY CASCADE")
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night')")
    await answer.observer.execute(
        "INSERT INTO user_account (name, email, login, team_id, mobile)"
        " VALUES ('Ada', 'a@n.test', 'ada', 1, '+49'), ('Ben', 'b@n.test', 'ben', 1, NULL)"
    )


async def _status(client: httpx.AsyncClient, user_id: object, wanted: int, ask: str) -> Any:
    got = await client.get(f"/users/{user_id}")
    expect(f"the status of GET /users/{user_id}", got.status_code, wanted, ask)
    try:
        return got.json()
    except json.JSONDecodeError:
        return {}


async def _refuses(client: httpx.AsyncClient, bad: object) -> None:
    got = await client.get(f"/users/{bad}")
    if got.status_code not in (404, 422):
        raise NotYet(
            f"the status of GET /users/{bad}",
            str(got.status_code),
            "422, before PostgreSQL is asked",
            "which of your types knows where an id ends?",
        )


def _names_it(body: Any) -> None:
    detail = str(body.get("detail"))
    if "999" not in detail:
        raise NotYet(
            "the detail of GET /users/999",
            show(detail),
            "a sentence that names the id",
            "what would the author of the client like to read?",
        )


# Health

SILENT, CLOSED = "Postgres that never answers", "Postgres that is not there"


@checks("05.health")
async def health(answer: Answer) -> None:
    """Both answer 200; without Postgres only livez does, and readyz says 503 within a second."""
    from app.database import engine

    app = FastAPI()
    app.include_router(answer.load().router)
    try:
        async with client_of(app) as client:
            await _well(client)
            await _cut(answer)
            with _elsewhere(engine, CLOSED):
                await _without(client, "Postgres that has just stopped")
            for what in (CLOSED, SILENT):
                await engine.dispose()
                with _elsewhere(engine, what):
                    await _without(client, what)
            await engine.dispose()
            await _statuses(client, "Postgres that is back", (200, 200))
            asked = await _counted(engine, client)
    finally:
        await engine.dispose()
    expect(
        "the statements that GET /livez sends", asked, 0, "can a restart of this process mend that?"
    )


async def _well(client: httpx.AsyncClient) -> None:
    await _statuses(client, "Postgres that is well", (200, 200))


async def _statuses(client: httpx.AsyncClient, what: str, wanted: tuple[int, int]) -> None:
    got = [await _within(client, path, what) for path in ("/livez", "/readyz")]
    ask = "which of the two may depend on the database?"
    expect(f"/livez and /readyz, with {what}", tuple(got), wanted, ask)


async def _cut(answer: Answer) -> None:
    """End every connection of the app, as a stopping server does; the pool does not know yet."""
    await answer.observer.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def _without(client: httpx.AsyncClient, what: str) -> None:
    await _statuses(client, what, (200, 503))


async def _within(client: httpx.AsyncClient, path: str, what: str) -> int:
    try:
        return (await asyncio.wait_for(client.get(path), 2.5)).status_code
    except TimeoutError:
        raise NotYet(
            f"GET {path}, with {what}",
            "no answer within 2.5 seconds",
            "an answer within about one",
            "who bounds how long you wait for Postgres?",
        ) from None


@contextmanager
def _elsewhere(engine: Any, what: str) -> Iterator[None]:
    """New connections go to a port where nobody listens, or where nobody ever answers."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        if what == SILENT:
            place.listen()

        def divert(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
            given["host"], given["port"] = place.getsockname()

        event.listen(engine.sync_engine, "do_connect", divert)
        try:
            yield
        finally:
            event.remove(engine.sync_engine, "do_connect", divert)


async def _counted(engine: Any, client: httpx.AsyncClient) -> int:
    sent: list[str] = []
    listen: Callable[..., None] = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    await client.get("/livez")
    event.remove(engine.sync_engine, "before_cursor_execute", listen)
    return len(sent)
