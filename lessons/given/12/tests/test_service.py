"""The service as a whole: is it alive, is it ready, and what does every answer carry?"""

import pytest
from httpx import AsyncClient
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.failures import CommitLost
from app.problems import problem
from tests.test_database import failed


async def test_it_is_alive(client: AsyncClient) -> None:
    """Without asking the database."""
    assert (await client.get("/livez")).json() == {"status": "alive"}


async def test_it_is_not_ready_without_its_database(client: AsyncClient) -> None:
    """The app's own engine names a machine that does not exist, as long as tests run."""
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


async def test_every_request_gets_an_id_of_its_own(client: AsyncClient) -> None:
    """The id by which the log knows it."""
    ids = {(await client.get("/livez")).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/livez", "/users", "/incidents/unresolved", "/teams/7"])
async def test_head_is_get_without_its_body(client: AsyncClient, team: int, path: str) -> None:
    """The same status and the same length, for whoever only wants to know."""
    head, get = await client.head(path), await client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_head_is_refused_where_there_is_no_get(client: AsyncClient) -> None:
    """With the methods that are there."""
    answer = await client.head("/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_nobody_is_sent_to_the_host_that_a_client_names(client: AsyncClient) -> None:
    """A slash too many is a 404, and no redirect."""
    answer = await client.post("/users/", headers={"host": "evil.test"})
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


async def test_clients_are_made_with_names_of_ours(client: AsyncClient) -> None:
    """An operation is called as its function is."""
    paths = (await client.get("/openapi.json")).json()["paths"].values()
    names = [operation["operationId"] for path in paths for operation in path.values()]
    assert {"add_user", "take_in_alert", "livez"} < set(names)
    assert len(set(names)) == len(names)


def test_a_status_that_python_does_not_know_is_an_answer() -> None:
    """Such as the 499 of a proxy."""
    assert problem(499, "The client has left.").status_code == 499


async def test_a_method_that_is_not_there_is_told_which_are(client: AsyncClient) -> None:
    """405, as RFC 9110 wants it."""
    answer = await client.delete("/users")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


NEW = {"name": "Zoë", "email": "zoe@x.test", "login": "zoe", "team_id": 1}


def fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every unit of work that adds a user fail with this error."""

    async def away(_: object) -> None:
        raise error

    monkeypatch.setattr("app.routers.users.transact", away)


@pytest.mark.parametrize(
    "error", [PoolTimeout("none is free"), *map(failed, ("08001", "53300", "55P03", "57014"))]
)
async def test_a_database_that_is_away_is_no_fault_of_ours(
    client: AsyncClient,
    team: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """503, and when to come again; the log has the cause."""
    fails_with(monkeypatch, error)
    answer = await client.post("/users", json=NEW)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    noted = next(each for each in caplog.records if each.message == "answered with 503")
    code = noted.__dict__["fields"].get("sqlstate", "none is free")
    assert (noted.levelname, code in str(error)) == ("WARNING", True)


async def test_a_lost_commit_is_told_to_whoever_is_on_duty(
    client: AsyncClient,
    team: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error in the log, with what broke the connection; nobody is told to send it again."""
    lost = CommitLost()
    lost.__cause__ = failed("08006")
    fails_with(monkeypatch, lost)
    answer = await client.post("/users", json=NEW)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, False)
    assert "look before you send it again" in answer.json()["detail"]
    noted = next(each for each in caplog.records if each.levelname == "ERROR")
    assert noted.__dict__["fields"]["sqlstate"] == "08006"


@pytest.mark.parametrize("error", [OSError("disk"), TimeoutError(), failed("42P01")])
async def test_what_is_our_fault_is_not_the_databases(
    client: AsyncClient, team: int, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """500, and nobody is asked to come again."""
    fails_with(monkeypatch, error)
    answer = await client.post("/users", json=NEW)
    assert (answer.status_code, "retry-after" in answer.headers) == (500, False)
