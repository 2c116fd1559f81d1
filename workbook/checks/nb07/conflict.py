"""07.conflict: what a broken constraint says to a client, by its name."""

import inspect
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from sqlalchemy import exc, text

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.app_client import client_of
from workbook.checks.nb07.sessions import app_sessions
from workbook.checks.problem_calls import status_first
from workbook.checks.verdict import NotYet

INSERT = "INSERT INTO user_account (name, email, login, team_id) VALUES "
SHIFT = "a day that is taken (uq_shift_day, which has no sentence, and gets one later)"
STATEMENTS = {
    "an email that is taken": INSERT + "('A', 'ada@nightwatch.test', 'a', 1)",
    "a team that does not exist": INSERT + "('A', 'a@x', 'a', 99)",
    "a team's name that is taken": "INSERT INTO team (name) VALUES ('payments')",
    "a severity that nobody knows": "INSERT INTO incident (title, severity, team_id)"
    " VALUES ('x', 'high', 1)",
    "an incident called uq_team_name, of no known severity": "INSERT INTO incident"
    " (title, severity, team_id) VALUES ('uq_team_name', 'high', 1)",
    "a name that is missing": "INSERT INTO team (name) VALUES (NULL)",
    SHIFT: "DO $$ BEGIN CREATE TEMP TABLE shift (day int CONSTRAINT uq_shift_day UNIQUE);"
    " INSERT INTO shift VALUES (1), (1); END $$",
}
WANTED = {
    "an email that is taken": (409, "email"),
    "a team that does not exist": (409, "no such team"),
    "a team's name that is taken": (409, "team of this name"),
}
UNNAMED = "what should the log say about a constraint that nobody has named?"
OURS = {
    "a severity that nobody knows": UNNAMED,
    "a name that is missing": UNNAMED,
    SHIFT: "which names have a sentence, and which only look like them?",
    "an incident called uq_team_name, of no known severity": "who wrote the words of the message,"
    " and which part of the error is only the constraint's name?",
}


async def check(answer: Answer) -> None:
    """Named constraints get their status and sentence; any other stays an error of ours."""
    module: Any = answer.load()
    app = FastAPI(exception_handlers=_watched(module.HANDLERS))
    app.state.made = []
    module.problem = status_first(module.problem, app.state.made)
    async with app_sessions() as sessions:

        @app.post("/{what:path}")
        async def post(what: str) -> None:
            async with sessions.begin() as session:
                await session.execute(text(STATEMENTS[what]))

        await _has_sentences(app, module, WANTED)
        for what, ask in OURS.items():
            await _goes_on(app, what, ask)
        later = {SHIFT: (422, "This day has somebody.")}
        answer.get("REASONS")["uq_shift_day"] = later[SHIFT]
        await _has_sentences(app, module, later)


def _watched(handlers: dict[Any, Any]) -> dict[Any, Any]:
    """The same handlers: one is there for an IntegrityError, and what it returns is an answer."""
    ours = [
        each for each in handlers if isinstance(each, type) and each in exc.IntegrityError.mro()
    ]
    if not ours:
        raise NotYet(
            "FastAPI(exception_handlers=HANDLERS)",
            got="HANDLERS has nothing for IntegrityError",
            wanted="a handler for IntegrityError",
            ask="how does the app learn that your handler is there?",
        )
    return {**handlers, **{each: _answers(handlers[each]) for each in ours}}


def _answers(handler: Any) -> Any:
    """The handler; what it returns and is no answer is kept, for `_sent`."""

    async def kept(request: Request, error: exc.IntegrityError) -> Response:
        got = handler(request, error)
        got = await got if inspect.isawaitable(got) else got
        if isinstance(got, Response):
            return got
        request.app.state.no_answer = show(got)
        return Response(status_code=500)

    return kept


async def _sent(app: FastAPI, what: str) -> httpx.Response:
    """What a client gets for this; NotYet where the handler returned what is no answer."""
    async with client_of(app, raises=True) as client:
        answer = await client.post(f"/{what}")
    if got := getattr(app.state, "no_answer", ""):
        ask = "which function of this file makes an answer of a status and a sentence?"
        if got == "None":
            ask = "what does a function give that ends without `return`?"
        raise NotYet(
            f"conflict(request, error), for {what}",
            got=f"it returned {got}",
            wanted="an answer for the client",
            ask=ask,
        )
    return answer


async def _has_sentences(app: FastAPI, module: Any, wanted: dict[str, tuple[int, str]]) -> None:
    for what, (status, part) in wanted.items():
        app.state.made.clear()
        try:
            got = await _sent(app, what)
        except exc.IntegrityError as error:
            happened = "the IntegrityError went on"
            ask = f"how does your handler find {_name(error)!r} in REASONS?"
            if app.state.made:
                happened = "your `problem(…)` was made, and then the IntegrityError went on"
                ask = "what becomes of the answer that `problem` gives, and which line comes next?"
            raise NotYet(
                f"conflict(request, error), for {what}",
                got=happened,
                wanted=f"an answer with the status {status}",
                ask=ask,
            ) from None
        ask = "where do the status and the sentence of a constraint stand?"
        if f'"status":{status}' in got.text.replace(" ", ""):
            ask = "the body says the status: who tells the answer itself?"
        called = f"conflict(request, error), for {what}: the status"
        expect_state(called, got.status_code, status, ask)
        _says_sentence(module, what, got, part)


def _name(error: exc.IntegrityError) -> str:
    return str(getattr(error.driver_exception, "constraint_name", ""))


def _says_sentence(module: Any, what: str, got: httpx.Response, part: str) -> None:
    expect_state(
        f"conflict(request, error), for {what}: the content type",
        got.headers["content-type"],
        module.MEDIA_TYPE,
        "which function makes problems?",
    )
    detail = got.json().get("detail")
    if not isinstance(detail, str):
        raise NotYet.looked_at(
            f"conflict(request, error), for {what}: the detail",
            got=show(detail),
            wanted="the sentence alone, as text",
            ask="which two things does `REASONS` hold for a name, and which of them is the detail?",
        )
    if part not in detail:
        raise NotYet.looked_at(
            f"conflict(request, error), for {what}: the detail",
            got=show(got.json().get("detail")),
            wanted=f"the sentence that says {part!r}",
            ask="which of the sentences belongs to that constraint?",
        )
    reasons = getattr(module, "REASONS", {}).values()
    ours = [part for each in reasons for part in (each if isinstance(each, tuple) else [each])]
    if ours and detail not in ours:
        raise NotYet.looked_at(
            f"conflict(request, error), for {what}: the detail",
            got=show(detail),
            wanted="the sentence of REASONS, and nothing beside it",
            ask="what may a client read of a broken constraint, and what is for your log?",
        )


async def _goes_on(app: FastAPI, what: str, ask: str) -> None:
    """A broken constraint without a sentence reaches whoever writes the log, as it was."""
    try:
        got = f"the answer {(await _sent(app, what)).status_code}"
    except exc.IntegrityError:
        return
    except NotYet as problem:
        got = problem.lines["What happened"]
    except Exception as error:
        got = f"it raised {type(error).__name__}: {error}"
    raise NotYet(
        f"conflict(request, error), for {what}",
        got=got,
        wanted="the IntegrityError goes on",
        ask=ask,
    )
