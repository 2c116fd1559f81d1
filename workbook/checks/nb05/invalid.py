"""05.invalid: a refusal that helps, as problem details, and repeats nothing of what was sent."""

from typing import Annotated, Any

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel

from workbook.checks import crashes
from workbook.checks.answer import Answer, show
from workbook.checks.app_client import client_of
from workbook.checks.problem_calls import status_first
from workbook.checks.verdict import NotYet

JSON = {"content-type": "application/json"}
REQUESTS: tuple[tuple[bytes, dict[str, str], list[str]], ...] = (
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
"""Body and query of a request that is refused, and the fields that its answer has to name."""


async def check(answer: Answer) -> None:
    """422 as problem details, each field with its reason, and nothing of what was sent."""
    module: Any = answer.load()
    module.problem = status_first(module.problem)
    app = FastAPI(exception_handlers=module.HANDLERS)

    @app.post("/users")
    async def post(body: Body, limit: int = 1) -> None:
        """Accept anything that fits."""

    reasons: dict[str, list[str]] = {}
    for body, query, fields in REQUESTS:
        where = "".join(f"?{key}={value}" for key, value in query.items())
        call = f"POST /users{where}, {f'with {body.decode()}' if body else 'without a body'}"
        got = await _answer(answer, call, app, body, query)
        for each in _helpful_errors(call, got, fields, module):
            reasons.setdefault(each["field"], []).append(each["message"])
    _two_reasons("body.team_id", reasons["body.team_id"])


def _not_bob(name: str) -> str:
    """A rule of the app's own, whose error holds an exception."""
    if name == "Bob":
        raise ValueError("nobody has this name")
    return name


class Body(BaseModel):
    """What the app of this check accepts."""

    team_id: int
    name: Annotated[str, AfterValidator(_not_bob)]
    on_call: list[int] = []


async def _answer(
    answer: Answer, call: str, app: FastAPI, body: bytes, query: dict[str, str]
) -> httpx.Response:
    """What the app answers; NotYet where that is no answer, or a crash."""
    try:
        async with client_of(app) as client:
            got = await client.post("/users", content=body, params=query, headers=JSON)
    except AssertionError:  # ASGITransport's, where nothing was sent
        ask = "what does `invalid` return, on each of its ways?"
        raise NotYet(call, got="no answer came", wanted="422", ask=ask) from None
    if got.status_code == 500:
        if found := crashes.found_by_a_check():
            raise found
        raised = crashes.raised(answer.workspace)
        ask = next((question for words, question in _ABOUT_CRASH if words in raised), "")
        raise NotYet(call, got="it answered 500: the app crashed", wanted="422", ask=ask)
    return got


_ABOUT_CRASH = (
    ("JSON serializable", "can each part of an error always be written as JSON?"),
    ("is not callable", "is what `invalid` returns a response?"),
)
"""Words of an error that the app raised, and the question about it."""


def _helpful_errors(
    call: str, got: httpx.Response, fields: list[str], module: Any
) -> list[dict[str, str]]:
    """The errors of an answer that helps; NotYet where it does not."""
    ask = "which status says that the request can be read, and its values cannot be used?"
    _has(call, "status", got.status_code, 422, ask)
    maker = "which function of this file makes such answers?"
    if RequestValidationError not in module.HANDLERS:
        maker = "this is FastAPI's own answer: how does it learn of your function?"
    _has(call, "content type", got.headers.get("content-type"), module.MEDIA_TYPE, maker)
    _repeats_nothing(call, got)
    body = got.json()
    _has(call, "`status` inside", body.get("status"), 422, maker)
    _says_something(call, body.get("detail"))
    errors = body.get("errors")
    _is_a_list_of_fields(call, body, errors)
    found = sorted(str(each["field"]) for each in errors)
    ask = "which parts does `loc` have, and what stands between them?"
    if len(found) != len(fields):
        ask = "how many mistakes did the client make, and of how many does it hear?"
    if found != fields:
        got_fields, wanted = ", ".join(found) or "none", ", ".join(fields)
        raise NotYet(call, got=f"its fields are: {got_fields}", wanted=wanted, ask=ask)
    for each in errors:
        _says_why(call, each)
    return list(errors)


def _repeats_nothing(call: str, got: httpx.Response) -> None:
    if not any("secrets" in each for each in (got.text, *got.headers.values())):
        return
    said, ask = "it repeats what was sent", "which key of an error holds the input?"
    body = got.json() if "secrets" in got.text else {}
    parts = body.items() if isinstance(body, dict) else ()
    if named := [key for key, value in parts if key != "errors" and "secrets" in str(value)]:
        said = f"its `{named[0]}` repeats what was sent: {show(body[named[0]])}"
        ask = "what stands in the text of the whole error?"
    raise NotYet(call, got=said, wanted="your own words", ask=ask)


def _says_something(call: str, detail: object) -> None:
    if isinstance(detail, str) and detail.strip():
        return
    got, ask = f"its `detail` is {show(detail)}", "who reads `detail`, and what does `errors` hold?"
    raise NotYet(call, got=got, wanted="a sentence in `detail`", ask=ask)


def _has(call: str, what: str, found: object, wanted: object, ask: str) -> None:
    if found != wanted:
        raise NotYet(call, got=f"the {what} is {found}", wanted=str(wanted), ask=ask)


def _is_a_list_of_fields(call: str, body: dict[str, object], errors: Any) -> None:
    """`errors` is there, and a list of objects, each with a `field`."""
    wanted = "`errors`, a list with an object for each wrong field"
    if "errors" not in body:
        ask = "under which name does `problem` get the list?" if "error" in body else ""
        if str(body.get("detail")).startswith("[{"):
            ask = "your list stands in `detail`, as text: which keyword of `problem` takes a list?"
        raise NotYet(call, got=f"its keys are: {', '.join(body)}", wanted=wanted, ask=ask)
    if not isinstance(errors, list) or not all(isinstance(each, dict) for each in errors):
        raise NotYet(call, got=f"`errors` is {show(errors)}", wanted=wanted)
    for each in errors:
        if not isinstance(each.get("field"), str):
            got = f"`errors` holds {show(each)}"
            raise NotYet(call, got=got, wanted=f"{wanted}: its `field`, a text, and its `message`")


def _says_why(call: str, error: dict[str, object]) -> None:
    message = error.get("message")
    if not isinstance(message, str) or not message.strip():
        got = f"`errors` holds {show(error)}"
        raise NotYet(call, got=got, wanted="a `message` for each field: the reason, in words")
    if "_" in message and " " not in message:
        ask = "who reads this, a program or somebody who looks for a mistake?"
        raise NotYet(
            call, got=f"the message {show(message)}", wanted="the reason, in words", ask=ask
        )


def _two_reasons(field: str, messages: list[str]) -> None:
    """It was no number, and it was not there: two reasons."""
    if messages[0] == messages[1]:
        raise NotYet.looked_at(
            f"the messages for {field}, once no number and once not there",
            got=f"the same twice: {show(messages[0])}",
            wanted="the reason, each time",
            ask="which part of an error says why it was refused?",
        )
