"""What a client and the log are told when something is wrong, whoever has done it."""

import asyncio
import json
import logging
import re

import pytest
from fastapi import HTTPException, Request
from httpx import ASGITransport, AsyncClient
from sqlalchemy.exc import IntegrityError

from app.main import VERSION, app
from app.problems import REASONS, refused
from tests.conftest import ask_as
from tests.test_database import Lost, failed

USER = {"name": "Zoë", "email": "zoe@x.test", "login": "zoe", "team_id": 1}
ALERT = {"team_id": 1, "dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
OURS = "This is our fault, and it is in our log."


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let each new user end in this error."""

    async def fails(_: object) -> None:
        raise error

    monkeypatch.setattr("app.routers.users.transact", fails)


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        IntegrityError("INSERT", {}, Lost("23505")),
        failed("42P01"),
    ],
    ids=["a bug", "a constraint that nobody has thought of", "a table that is not there"],
)
async def test_a_fault_of_ours_is_a_500_and_in_the_log(
    client: AsyncClient,
    team: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """The client gets a sentence and an id, the log gets the traceback."""
    failing(monkeypatch, error)
    answer = await client.post("/users", json=USER)
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert (answer.json()["detail"], len(answer.headers["x-request-id"])) == (OURS, 32)
    assert [type(each.exc_info[1]) for each in caplog.records if each.exc_info] == [type(error)]


@pytest.mark.parametrize("sqlstate", ["57014", "55P03", "40001", "57P01", "08006"])
async def test_what_may_pass_is_a_503(
    client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch, sqlstate: str
) -> None:
    """A statement or a lock that took too long, a conflict, a server that stops, a lost line."""
    failing(monkeypatch, failed(sqlstate))
    answer = await client.post("/users", json=USER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_each_request_has_its_line_in_the_log(
    client: AsyncClient, team: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked, and how it ended."""
    caplog.set_level(logging.INFO)
    await client.get("/users/7")
    [fields] = [each.fields for each in caplog.records if hasattr(each, "fields")]
    assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/users/7", 404)
    assert 0 < fields["ms"] < 10_000


async def test_a_request_that_the_server_ends_has_its_line_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the grace is over, its work still has to be undone, and the process waits for that."""
    caplog.set_level(logging.INFO)
    begun = asyncio.Event()

    async def hangs(_: object) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)

    monkeypatch.setattr("app.routers.users.transact", hangs)
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    ask_as(inside, 1)
    async with inside, app.router.lifespan_context(app):
        asking = asyncio.create_task(inside.post("/users", json=USER))
        await begun.wait()
        asking.cancel()
    served = [each for each in caplog.records if each.message == "served"]
    assert [each.__dict__["fields"]["status"] for each in served] == [0]
    with pytest.raises(asyncio.CancelledError):
        await asking


@pytest.mark.parametrize(
    ("method", "path", "detail"),
    [
        ("GET", "/nothing", "Not Found"),
        ("GET", "/users/7", "There is no user 7."),
        ("PUT", "/users/7/role", "There is no user 7."),
    ],
)
async def test_an_error_is_a_problem_document(
    client: AsyncClient, team: int, method: str, path: str, detail: str
) -> None:
    """RFC 9457: the media type, and the same three members each time."""
    answer = await client.request(method, path, json={"role": "lead"} if method == "PUT" else None)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"title": "Not Found", "status": 404, "detail": detail}


async def test_a_refusal_names_the_field_and_repeats_nothing(
    client: AsyncClient, team: int
) -> None:
    """What was sent may be a secret in the wrong field."""
    answer = await client.post("/users", json=USER | {"email": "s3cret"})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "body.email")
    assert "s3cret" not in answer.text


async def test_a_refusal_is_no_longer_than_what_was_sent(client: AsyncClient, team: int) -> None:
    """Some of many errors, and the beginning of a long name."""
    many = await client.post("/users", json={f"a{number}": 0 for number in range(4000)})
    long = await client.post("/users", json=USER | {60_000 * "z": 0})
    assert len(many.json()["errors"]) == 20
    assert (many.status_code, long.status_code) == (422, 422)
    assert len(many.content + long.content) < 5_000


async def test_who_cannot_take_an_incident_is_named(client: AsyncClient, team: int) -> None:
    """The body names somebody who is not there."""
    alert = (await client.post("/alerts", json=ALERT | {"team_id": team})).json()
    place = f"/incidents/{alert['incident_id']}/acknowledgements"
    answer = await client.post(place, json={"user_id": 2**31 - 1})
    assert (answer.status_code, answer.json()["detail"]) == (409, f"There is no user {2**31 - 1}.")


async def test_what_an_error_tells_a_client_to_do_is_in_its_headers() -> None:
    """Whatever code of ours raises it."""
    error = HTTPException(429, headers={"retry-after": "3"})
    assert (await refused(Request({"type": "http"}), error)).headers["retry-after"] == "3"


@pytest.mark.parametrize(("size", "status"), [(65_536, 201), (65_537, 413)])
async def test_a_body_has_a_limit(client: AsyncClient, team: int, size: int, status: int) -> None:
    """64 KiB, to the byte."""
    headers = {"content-type": "application/json"}
    body = json.dumps(USER | {"team_id": team}).ljust(size)
    assert (await client.post("/users", content=body, headers=headers)).status_code == status


LONG = "z" * 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/users", USER | {"name": LONG}, 201),
        ("/users", USER | {"name": LONG + "z"}, 422),
        ("/users", USER | {"name": " "}, 422),
        ("/users", USER | {"name": "a\nb"}, 422),
        ("/users", USER | {"email": f"{LONG}@{'x' * 54}"}, 422),
        ("/users", USER | {"email": "a@b@x.test"}, 422),
        ("/users", USER | {"admin": True}, 422),
        ("/alerts", ALERT | {"severity": "high"}, 422),
        ("/alerts", ALERT | {"payload": {"a": float("nan")}}, 422),
        ("/alerts", ALERT | {"payload": {"a": "\ud800"}}, 422),
        ("/alerts", ALERT | {"payload": {"a": "\0"}}, 422),
        ("/alerts", ALERT | {"payload": {"host": 1}}, 422),
        ("/alerts", ALERT | {"payload": {"host": None}}, 422),
        ("/alerts", ALERT | {"admin": True}, 422),
        ("/incidents/1/acknowledgements", {"user_id": 1, "admin": True}, 422),
        ("/users", {"name": "z" * 65_536}, 413),
    ],
)
async def test_what_cannot_be_stored_is_refused(
    client: AsyncClient, team: int, path: str, body: dict[str, object], status: int
) -> None:
    """Before a transaction begins; the longest name is taken."""
    headers = {"content-type": "application/json"}
    body = body | ({"team_id": team} if "team_id" in body else {})
    answer = await client.post(path, content=json.dumps(body), headers=headers)
    assert answer.status_code == status


async def test_the_contract_names_each_operation_and_its_errors(
    client: AsyncClient, team: int
) -> None:
    """Generated clients get functions that are called as ours are, and know what may go wrong."""
    contract = (await client.get("/openapi.json")).json()
    operations = [each for path in contract["paths"].values() for each in path.values()]
    names = {each["operationId"] for each in operations}
    assert {"list_users", "get_user", "add_user", "take_in_alert"} <= names
    assert len(names) == len(operations)
    for each in operations:
        media = {kind for one in each["responses"].values() for kind in one.get("content", {})}
        assert "application/problem+json" in media
        assert {"x-request-id", "retry-after"} == set(each["responses"]["503"]["headers"])
        assert each["tags"]
    assert contract["info"] == {"title": "Nightwatch", "version": VERSION}


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/users", {"201"}),
        ("put", "/users/{user_id}/role", {"200"}),
        ("put", "/users/{user_id}/password", {"204"}),
        ("post", "/alerts", {"200", "201"}),
        ("post", "/incidents/{incident_id}/acknowledgements", {"200", "201"}),
    ],
)
async def test_the_contract_has_an_example_of_what_is_sent(
    client: AsyncClient, team: int, method: str, path: str, statuses: set[str]
) -> None:
    """One that is understood, and every status that it may lead to."""
    contract = (await client.get("/openapi.json")).json()
    operation = contract["paths"][path][method]
    assert {each for each in operation["responses"] if each.startswith("2")} == statuses
    [example] = operation["requestBody"]["content"]["application/json"]["schema"]["examples"]
    answer = await client.request(method, re.sub(r"{\w+}", "1", path), json=example)
    assert answer.status_code in (201, 403, 404, 409)


def test_what_the_database_refuses_is_a_conflict() -> None:
    """Each constraint of the table: the request was right, and what is there stands against it."""
    assert {status for status, _ in REASONS.values()} == {409}
