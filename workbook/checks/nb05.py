"""Checks of notebook 05: schemas, errors that help, one endpoint, liveness and readiness."""

import asyncio
import contextlib
import gc
import json
import os
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, Request, Response
from pydantic import ValidationError

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect, show
from workbook.checks.line import Line
from workbook.checks.registry import checks
from workbook.checks.tables import statements
from workbook.checks.verdict import NotYet
from workbook.myapp.modules import forget


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
    "a login of 201 characters": ({"login": "z" * 201}, "how long may a line be?"),
    "an email of 300 characters": ({"email": "z@" + "x" * 298}, "which type is made for it?"),
    "a name of one blank": ({"name": " "}, "whom would you page?"),
    "an email with no @": ({"email": "zoe"}, "where would a mail to that address go?"),
    "an email with a NUL byte": ({"email": "zoe\0@x"}, "can PostgreSQL store that character?"),
    "the team 0": ({"team_id": 0}, "which numbers does a serial column give out?"),
    "the team 2147483648": ({"team_id": 2**31}, "where does an int4 end?"),
    "a field is_admin": ({"is_admin": True}, "what does a model do with unknown fields?"),
}


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
        raise NotYet(f"UserIn, given {what}", got="it was accepted", wanted="a refusal", ask=ask)
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
            got=_refusal(error),
            wanted="an object",
            ask="which rule is stricter than the column?",
        ) from None
    same = kept.keys() == given.keys()
    ask = "did a field change on its way in?" if same else "what may a client say about a user?"
    expect(f"UserIn, given {shown}", kept, given, ask)


def _refusal(error: ValidationError) -> str:
    """The first reason, with the field where there is one."""
    first = error.errors()[0]
    return f"it was refused: {': '.join([*map(str, first['loc']), first['msg']])}"


def _requires(into: Any, missing: str) -> None:
    try:
        into.model_validate({key: value for key, value in GOOD.items() if key != missing})
    except ValidationError:
        return
    raise NotYet(
        f"UserIn, given nothing for {missing!r}",
        got="it was accepted",
        wanted="a refusal",
        ask="may the column be empty?",
    )


def _shows(answer: Answer, out: Any) -> None:
    from app.models import User

    columns = {"id": 7, **GOOD, "mobile": "+49 30 5550000", "role": "lead"}
    try:
        shown = _left(out, User(**columns))
    except ValidationError as error:
        ask = "which users does the table hold that this model does not know?"
        if error.errors()[0]["type"] == "model_type":
            ask = "which setting lets a model read attributes, where it expects a dictionary?"
        raise NotYet(
            "UserOut.model_validate(user), a User object",
            got=_refusal(error),
            wanted="an object",
            ask=ask,
        ) from None
    wanted = {"id": 7, "name": "Zoë", "email": GOOD["email"], "role": "lead", "team_id": 1}
    expect("UserOut, of a user", shown, wanted, "which fields may everybody know?")
    with contextlib.suppress(ValidationError):  # who refuses the rest shows nothing of it either
        shown = _left(out, columns)
    ask = "what does this model do with a field that it does not name?"
    expect("UserOut, of a dictionary of every column", shown, wanted, ask)


def _left(out: Any, user: object) -> Any:
    """What leaves, as FastAPI writes it."""
    return out.model_validate(user).model_dump(mode="json", by_alias=True)


# Errors


@checks("05.invalid")
async def invalid(answer: Answer) -> None:
    """422 as problem details, each field with its reason, and nothing of what was sent."""
    from pydantic import AfterValidator, BaseModel

    class Body(BaseModel):
        team_id: int
        name: Annotated[str, AfterValidator(_known)]
        on_call: list[int] = []

    module = answer.load()
    app = FastAPI(exception_handlers={Exception: _crash} | module.HANDLERS)

    @app.post("/users")
    async def post(body: Body, limit: int = 1) -> None:
        """Accept anything that fits."""

    reasons: dict[str, list[str]] = {}
    for body, query, fields in BODIES:
        async with client_of(app) as client:
            got = await client.post("/users", content=body, params=query, headers=JSON)
        call = f"the answer to {body.decode() or 'a request without a body'}"
        for each in _helps(call, got, fields, module.MEDIA_TYPE):
            reasons.setdefault(each["field"], []).append(each["message"])
    _differ("body.team_id", reasons["body.team_id"])


def _known(name: str) -> str:
    if name == "Bob":
        raise ValueError("nobody has this name")
    return name


async def _crash(_: Request, error: Exception) -> Response:
    """What a crash answers here: its kind, for the verdict."""
    return Response(type(error).__name__, 500)


def _status(got: httpx.Response) -> object:
    """The status; of a crash, the kind of its error too."""
    return f"500, {got.text}" if got.status_code == 500 else got.status_code


JSON = {"content-type": "application/json"}
BODIES: tuple[tuple[bytes, dict[str, str], list[str]], ...] = (
    (b'{"team_id": "seven secrets", "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"name": 5}', {}, ["body.name", "body.team_id"]),
    (b'{"team_id": 1, "name": "Ada"}', {"limit": "many secrets"}, ["query.limit"]),
    (b'{"team_id": NaN, "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"team_id": "\\ud800", "name": "Ada"}', {}, ["body.team_id"]),
    (b'{"team_id": 1', {}, ["body.13"]),
    (b"", {}, ["body"]),
    (b'{"team_id": 1, "name": "Ada", "on_call": [1, "two secrets"]}', {}, ["body.on_call.1"]),
    (b'{"team_id": 1, "name": "Bob"}', {}, ["body.name"]),
)


def _helps(call: str, got: httpx.Response, fields: list[str], kind: str) -> list[dict[str, str]]:
    """The errors of an answer that helps; NotYet where it does not."""
    ask = "which status says that the request can be read, and its values cannot be used?"
    if got.status_code == 500:
        ask = "is each part of an error always there, and can it always be written as JSON?"
    expect(f"the status of {call}", _status(got), 422, ask)
    maker = "which function of this file makes such answers?"
    expect(f"the content type of {call}", got.headers["content-type"], kind, maker)
    if any("secrets" in each for each in (got.text, *got.headers.values())):
        ask = "which key of an error holds the input?"
        raise NotYet(call, got="it repeats what was sent", wanted="your own words", ask=ask)
    body = got.json()
    expect(f"the `status` inside {call}", body.get("status"), 422, maker)
    errors = body.get("errors")
    named = isinstance(errors, list) and all(isinstance(each, dict) for each in errors)
    expect(
        f"the fields among the errors of {call}",
        sorted(str(each.get("field")) for each in errors) if named else show(errors),
        fields,
        "what does a client need to know to find its mistake?",
    )
    for each in errors:
        _says_why(call, each.get("message"))
    return list(errors)


def _says_why(call: str, message: object) -> None:
    if not isinstance(message, str) or not message.strip():
        raise NotYet(
            call,
            got="a field without a message",
            wanted="the reason, for each",
            ask="why was it wrong?",
        )
    if "_" in message and " " not in message:
        ask = "who reads this, a program or somebody who looks for a mistake?"
        raise NotYet(
            call, got=f"the message {show(message)}", wanted="the reason, in words", ask=ask
        )


def _differ(field: str, messages: list[str]) -> None:
    """It was no number, and it was not there: two reasons."""
    if messages[0] == messages[1]:
        raise NotYet(
            f"the messages for {field}, once no number and once not there",
            got=f"the same twice: {show(messages[0])}",
            wanted="the reason, each time",
            ask="which part of an error says why it was refused?",
        )


# One user


@checks("05.get_user")
async def get_user(answer: Answer) -> None:
    """200 with five fields, 404 that names the id, 422 for an id that no row can have."""
    from app import database

    module = answer.load()
    await _company(answer)
    app = FastAPI(exception_handlers={Exception: _crash})
    app.include_router(module.router)
    try:
        async with client_of(app) as client:
            for user in (BEN, ADA):
                await _shown(client, user)
            for user_id in (999, 2**31 - 1):
                await _missing(client, user_id)
            for bad in (2**31, 2**63, -1, 0, "one"):
                await _refuses(client, database.engine, bad)
    finally:
        await database.engine.dispose()


ADA = {"id": 1, "name": "Ada", "email": "a@n.test", "role": "member", "team_id": 2}
BEN = {"id": 2, "name": "Ben", "email": "b@n.test", "role": "lead", "team_id": 1}


async def _company(answer: Answer) -> None:
    await answer.observer.execute("TRUNCATE team RESTART IDENTITY CASCADE")
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night'), ('day')")
    await answer.observer.execute(
        "INSERT INTO user_account (name, email, login, role, team_id, mobile)"
        " VALUES ('Ada', 'a@n.test', 'ada', 'member', 2, '+49'),"
        " ('Ben', 'b@n.test', 'ben', 'lead', 1, NULL)"
    )


async def _shown(client: httpx.AsyncClient, user: dict[str, object]) -> None:
    number = user["id"]
    found = await _body(client, number, 200, "which row was asked for?")
    leaves = "who decides which fields leave, the table or a schema?"
    expect(f"the fields of user {number}", sorted(found), sorted(user), leaves)
    expect(f"the id of user {number}", found["id"], number, "whose row is that?")
    expect(f"user {number}", found, user, "which of these values does the row hold?")


async def _missing(client: httpx.AsyncClient, user_id: int) -> None:
    ask = "what does `session.get` give for no row, and is a 404 returned or raised?"
    if user_id != 999:
        ask = "which is the last id that the column can hold?"
    detail = (await _body(client, user_id, 404, ask)).get("detail")
    if not isinstance(detail, str) or str(user_id) not in detail:
        raise NotYet(
            f"the detail of GET /users/{user_id}",
            got=show(detail),
            wanted="a sentence that names the id",
            ask="what would the author of the client like to read?",
        )


async def _body(client: httpx.AsyncClient, user_id: object, wanted: int, ask: str) -> Any:
    got = await client.get(f"/users/{user_id}")
    expect(f"the status of GET /users/{user_id}", _status(got), wanted, ask)
    try:
        return got.json()
    except json.JSONDecodeError:
        return {}


async def _refuses(client: httpx.AsyncClient, engine: Any, bad: object) -> None:
    with statements(engine) as sent:
        got = await client.get(f"/users/{bad}")
    if got.status_code not in (400, 404, 422):
        _no_door(f"the status of GET /users/{bad}", str(_status(got)))
    if sent:
        _no_door(f"GET /users/{bad}", f"{got.status_code}, after a query was made")


def _no_door(called: str, got: str) -> None:
    ask = "which of your types knows where an id begins and where it ends?"
    raise NotYet(called, got=got, wanted="422, before PostgreSQL is asked", ask=ask)


# Health

STOPPED, GONE = "Postgres that has just stopped", "Postgres that is not there"
LATE, SECONDS = "Postgres that is silent for more than a second", 1.2


@checks("05.health")
async def health(answer: Answer) -> None:
    """Both answer 200; without Postgres only livez does, and readyz says 503 within a second."""
    async with Line(answer.url) as line:
        os.environ["DATABASE_URL"] = for_sqlalchemy(line.url)
        forget("app")  # what was imported before knows the way that nobody can cut
        app = FastAPI(exception_handlers={Exception: _crash})
        app.include_router(answer.load().router)
        from app.database import engine

        try:
            async with client_of(app) as client:
                await _well(answer, client, line)
                await line.cut()
                for what in (STOPPED, GONE):
                    await _says(client, what, 503)
                await line.open()
                await _says(client, "Postgres that is back", 200)
                await _late(client, line)
                await _says(client, "Postgres that speaks again", 200)
        finally:
            line.speak()
            await engine.dispose()


async def _well(answer: Answer, client: httpx.AsyncClient, line: Line) -> None:
    """Only readyz asks, and it gives back what it took."""
    what = "Postgres that is well"
    await _live(client, what)
    ask = "can a restart of this process mend that?"
    expect(f"how many connections GET /livez uses, with {what}", len(line.asking), 0, ask)
    for _ in range(2):
        await _says(client, what, 200)
    if await _forgotten(answer, line):
        got = "its connections were neither closed nor given back"
        ask = "who gives a connection back, also when there was an error?"
        raise NotYet(
            f"GET /readyz twice, with {what}", got=got, wanted="nothing left behind", ask=ask
        )


async def _forgotten(answer: Answer, line: Line) -> bool:
    """Whether the collector closed a connection, or more than one is still open after a second."""
    gc.collect()
    if any(re.search("non-checked-in|unclosed", str(each.message)) for each in answer.complaints):
        return True
    for _ in range(100):
        if len(line.callers) <= 1:
            return False
        await asyncio.sleep(0.01)
    return True


async def _says(client: httpx.AsyncClient, what: str, wanted: int) -> None:
    await _live(client, what)
    got = await _get(client, "/readyz", what)
    expect(f"GET /readyz, with {what}", got, wanted, _ask(got, wanted))


async def _live(client: httpx.AsyncClient, what: str) -> None:
    ask = "which of the two may depend on the database?"
    expect(f"GET /livez, with {what}", await _get(client, "/livez", what), 200, ask)


def _ask(got: object, wanted: int) -> str:
    """The question that belongs to a wrong status of readyz."""
    if isinstance(got, str):
        return "where does that error come from, and which of your lines makes a 503 of it?"
    if wanted == 503:
        return "whom did /readyz ask, and what did it hear?"
    return "Postgres answers: what else did /readyz wait for?"


async def _late(client: httpx.AsyncClient, line: Line) -> None:
    """A connection of the pool and a new one wait for the silent; it speaks too late for both.

    It speaks SECONDS after both were heard: a wait of one second always ends before, and a longer
    one never, however slow this machine is.
    """
    line.hush()
    asked: list[asyncio.Task[object]] = []
    for callers in (1, 2):
        asked.append(asyncio.create_task(_get(client, "/readyz", LATE)))
        heard = asyncio.create_task(line.hear(callers))
        await asyncio.wait({heard, *asked}, timeout=3, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
    await _live(client, LATE)
    asyncio.get_running_loop().call_later(SECONDS, line.speak)
    first, second = [await each for each in asked]
    ask = "who bounds how long you wait for Postgres, and what do you say then?"
    if {first, second} == {200, 503}:
        ask = "which do you bound, the way to a connection, or its answer as well?"
    elif isinstance(first, str):
        ask = _ask(first, 503)
    expect(f"GET /readyz twice, with {LATE}", (first, second), (503, 503), ask)


async def _get(client: httpx.AsyncClient, path: str, what: str) -> object:
    """The status, in bounded time; of a crash its kind too."""
    call = f"GET {path}, with {what}"
    try:
        got = await asyncio.wait_for(client.get(path), 4)
    except TimeoutError:
        ask = "who bounds how long you wait for Postgres?"
        raise NotYet(
            call, got="no answer within 4 seconds", wanted="one within a second", ask=ask
        ) from None
    if f":{urlsplit(os.environ['DATABASE_URL']).password}@" in got.text:
        raise NotYet(
            call, got="it shows the password", wanted="your own words", ask="who may read that?"
        )
    return _status(got)
