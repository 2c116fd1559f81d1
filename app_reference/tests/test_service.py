"""The service as a whole: is it alive, is it ready, and what does every answer carry?"""

import pytest
from httpx import AsyncClient
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app import database


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


async def test_a_method_that_is_not_there_is_told_which_are(client: AsyncClient) -> None:
    """405, as RFC 9110 wants it."""
    answer = await client.delete("/users")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("error", [PoolTimeout(), database.CommitLost(), ConnectionResetError()])
async def test_a_database_that_is_away_is_no_fault_of_ours(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """503, and when to come again."""

    async def away(_: object) -> None:
        raise error

    monkeypatch.setattr("app.routers.users.transact", away)
    new = {"name": "Zoë", "email": "zoe@x.test", "login": "zoe", "team_id": 1}
    answer = await client.post("/users", json=new)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
