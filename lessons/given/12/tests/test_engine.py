"""The app's own engine, on a real server: what its settings do there, and that it ends."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.auth import TokenSettings
from app.main import app
from app.role import RoleSettings
from app.routers.health import probe
from app.settings import Settings, settings
from tests.conftest import ask_as

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture
async def own(engine: AsyncEngine, unprivileged: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    """The app's own engine, led to the run's database; so is that of readiness."""
    here = engine.url.translate_connect_args(username="user")

    def lead(_: object, record: object, args: object, given: dict[str, Any]) -> None:
        given.update(here)
        given["server_settings"] = given.get("server_settings", {}) | unprivileged

    for each in (database.engine, probe):
        event.listen(each.sync_engine, "do_connect", lead)
    yield database.engine
    for each in (database.engine, probe):
        event.remove(each.sync_engine, "do_connect", lead)
        await each.dispose()


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("statement_timeout", "3s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ],
)
async def test_the_server_ends_what_takes_too_long(own: AsyncEngine, name: str, limit: str) -> None:
    """Also where nobody waits any more, in this process or in any other."""
    async with own.connect() as connection:
        assert await connection.scalar(text(f"SHOW {name}")) == limit


async def test_the_server_asks_a_silent_connection_for_a_sign(own: AsyncEngine) -> None:
    """So that no firewall forgets it, and no lock of a client that is gone stays."""
    async with own.connect() as connection:
        assert await connection.scalar(text("SHOW tcp_keepalives_idle")) == "60"


@pytest.mark.parametrize(
    ("asked", "transactions"),
    [(database.readers, 1), (probe, 2)],
    ids=["requests", "readiness"],
)
async def test_a_read_is_a_transaction_and_a_probe_needs_none(
    own: AsyncEngine, asked: AsyncEngine, transactions: int
) -> None:
    """Only within a transaction is a read held to its team."""
    async with asked.connect() as reader:
        seen = {await reader.scalar(text("SELECT pg_current_xact_id()::text")) for _ in "12"}
    assert len(seen) == transactions


async def test_the_pool_is_what_the_budget_says(own: AsyncEngine) -> None:
    """So many connections and not one more, for so long and no longer."""
    pool: Any = own.pool
    assert (pool.size(), pool.timeout()) == (settings.pool_size, settings.pool_timeout)
    spare: Any = probe.pool
    assert spare.size() == 1
    assert [each._max_overflow for each in (pool, spare)] == [0, 0]


async def test_an_app_with_its_database_is_ready_and_leaves_nothing(own: AsyncEngine) -> None:
    """200 while it runs, and no connection when it has ended."""
    inside = AsyncClient(transport=ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), inside as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        ask_as(client, 7)
        assert (await client.get("/teams")).json() == []
    pools: list[Any] = [own.pool, probe.pool]
    for pool in pools:
        assert (pool.checkedin(), pool.checkedout()) == (0, 0)


ALL = Settings.model_fields | TokenSettings.model_fields | RoleSettings.model_fields


@pytest.mark.parametrize("name", ALL)
def test_the_readme_says_what_holds_where_nothing_is_said(name: str) -> None:
    """A row for each setting, and its default at the end."""
    rows = README.read_text("utf-8").splitlines()
    [row] = [line for line in rows if line.startswith(f"| `{name.upper()}` ")]
    field = ALL[name]
    default = "must be set" if field.is_required() else str(field.default).removesuffix(".0")
    assert row.replace("`", "").endswith(f"| {default} |")


def test_a_level_of_the_log_may_be_written_in_any_case() -> None:
    """And whoever writes a word that is none reads which there are."""
    told = {"database_url": "postgresql://", "log_level": "debug"}
    assert Settings.model_validate(told).log_level == "DEBUG"
    with pytest.raises(ValidationError, match=r"log_level\n.*'DEBUG', 'INFO', .* 'CRITICAL'"):
        Settings.model_validate(told | {"log_level": "loud"})
