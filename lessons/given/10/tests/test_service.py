import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.failures import CommitLost
from tests.test_database import failed

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
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
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
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """500, and nobody is asked to come again."""
    fails_with(monkeypatch, error)
    answer = await client.post("/users", json=NEW)
    assert (answer.status_code, "retry-after" in answer.headers) == (500, False)
