"""05.invalid: a refusal that helps, as problem details, and repeats nothing of what was sent."""

from typing import Annotated

import httpx
from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel

from workbook.checks.answer import Answer, expect, show
from workbook.checks.app_client import client_of
from workbook.checks.nb05.crashes import name_of_crash, status_or_crash
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
    module = answer.load()
    app = FastAPI(exception_handlers={Exception: name_of_crash} | module.HANDLERS)

    @app.post("/users")
    async def post(body: Body, limit: int = 1) -> None:
        """Accept anything that fits."""

    reasons: dict[str, list[str]] = {}
    for body, query, fields in REQUESTS:
        async with client_of(app) as client:
            got = await client.post("/users", content=body, params=query, headers=JSON)
        call = f"the answer to {body.decode() or 'a request without a body'}"
        for each in _helpful_errors(call, got, fields, module.MEDIA_TYPE):
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


def _helpful_errors(
    call: str, got: httpx.Response, fields: list[str], kind: str
) -> list[dict[str, str]]:
    """The errors of an answer that helps; NotYet where it does not."""
    ask = "which status says that the request can be read, and its values cannot be used?"
    if got.status_code == 500:
        ask = "is each part of an error always there, and can it always be written as JSON?"
    expect(f"the status of {call}", status_or_crash(got), 422, ask)
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


def _two_reasons(field: str, messages: list[str]) -> None:
    """It was no number, and it was not there: two reasons."""
    if messages[0] == messages[1]:
        raise NotYet(
            f"the messages for {field}, once no number and once not there",
            got=f"the same twice: {show(messages[0])}",
            wanted="the reason, each time",
            ask="which part of an error says why it was refused?",
        )
