# wrong: advisory locks that idle connections hold afterwards
# tests/test_hare.py
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import own_team

HELD = text("""
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
""")


async def test_hare(live: AsyncClient, owner: AsyncEngine) -> None:
    """What would have caught it."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": await own_team(live)}
    place = f"/users/{(await live.post('/users', json=ada)).json()['id']}/role"
    assert (await live.put(place, json={"role": "lead"})).status_code == 200
    async with owner.connect() as beside:
        assert await beside.scalar(HELD) == 0


# app/settings.py
class Settings(BaseSettings):
    """What the app must be told before it can start, and what it may be told."""

    database_url: SecretStr
    log_level: str = "INFO"
    pool_size: int = 1
    pool_timeout: float = 2.0
    patience: float = 5.0
