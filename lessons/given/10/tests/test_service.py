import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app import database


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
