"""The history by months: which there are, what is in which, and what goes."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import retention
from app.repositories import events
from tests.conftest import ALEMBIC
from tests.test_events import plan_of

TODAY = date(2026, 11, 29)
IN = "SELECT tableoid::regclass::text, title FROM event ORDER BY received_at"
OPEN = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'history'::regnamespace
AND NOT (relrowsecurity AND relforcerowsecurity)"""


@pytest.fixture
async def owned(owner: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction of whoever owns the tables, held to team 1; it is undone."""
    async with owner.connect() as connection:
        await connection.execute(text("SELECT set_config('app.team', '1', true)"))
        yield connection
        await connection.rollback()


async def came(connection: AsyncConnection, *moments: str) -> None:
    """An event at each of these moments, which is its title too."""
    new = "INSERT INTO event (received_at, dedupe_key, title, severity, payload) VALUES "
    rows = [f"('{each}', 'a', '{each}', 'minor', '{{}}')" for each in moments]
    await connection.execute(text((new + ", ".join(rows)).replace(":", r"\:")))


async def seen(connection: AsyncConnection) -> dict[str, str]:
    """The partition of each event, by its title."""
    return {
        row[1]: row[0].removeprefix("history.event_") for row in await connection.execute(text(IN))
    }


async def partitions(connection: AsyncConnection) -> list[str]:
    """Those that are there, without the words that all of them have."""
    found = await connection.scalars(retention.PARTITIONS)
    return sorted(each.removeprefix("history.event_") for each in found)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (TODAY, date(2025, 11, 1), date(2027, 2, 1)),
        (date(2026, 1, 1), date(2025, 1, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2025, 12, 1), date(2027, 3, 1)),
    ],
)
def test_a_year_is_kept_and_two_months_are_ready(today: date, first: date, last: date) -> None:
    """Each begins where the one before it ends."""
    ends = retention.edges(today)
    assert (ends[0], ends[-1], len(ends)) == (first, last, 16)
    assert all(each.day == 1 for each in ends) and ends == sorted(set(ends))


async def test_each_month_has_its_partition(owned: AsyncConnection) -> None:
    """And a second run changes nothing."""
    for _ in "12":
        await retention.keep(owned, TODAY)
        found = await partitions(owned)
        assert (found[0], found[-2:], len(found)) == ("2025_11", ["2027_01", "rest"], 16)


async def test_what_came_before_its_month_was_made_moves_there(owned: AsyncConnection) -> None:
    """To the second in UTC; what is older goes, and what nobody expects stays where it is."""
    edge = ["2026-10-31 23:59:59+00", "2026-11-01 00:00:00+00", "2026-11-01 00:30:00+01"]
    await came(owned, *edge, "2025-10-31 23:59:59+00", "2027-02-01 00:00:00+00")
    assert set((await seen(owned)).values()) == {"rest"}
    await owned.execute(text("SET LOCAL TimeZone = 'Asia/Tokyo'"))
    await retention.keep(owned, TODAY)
    assert await seen(owned) == {
        edge[0]: "2026_10",
        edge[1]: "2026_11",
        edge[2]: "2026_10",
        "2027-02-01 00:00:00+00": "rest",
    }
    await came(owned, "2026-11-29 12:00:00+00")
    assert (await seen(owned))["2026-11-29 12:00:00+00"] == "2026_11"


async def test_a_month_that_is_over_goes(owned: AsyncConnection) -> None:
    """And no other."""
    await retention.keep(owned, TODAY)
    await came(owned, "2025-11-30 23:59:59+00", "2025-12-01 00:00:00+00")
    await retention.keep(owned, date(2026, 12, 1))
    assert await seen(owned) == {"2025-12-01 00:00:00+00": "2025_12"}
    found = await partitions(owned)
    assert (found[0], found[-2], len(found)) == ("2025_12", "2027_02", 16)


async def test_nobody_asks_a_partition_by_itself(owned: AsyncConnection) -> None:
    """It has no policy, so its rows are there through their table only; its owner's as well."""
    await retention.keep(owned, TODAY)
    await came(owned, "2026-11-29 12:00:00+00")
    assert list(await owned.scalars(text(OPEN))) == []
    superuser = await owned.scalar(
        text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    )
    for name in ("history.event_2026_11", retention.REST):
        count = await owned.scalar(text(f"SELECT count(*) FROM {name}"))
        assert superuser or count == 0
    for team, count in ((1, 1), (2, 0)):
        await owned.execute(text(f"SELECT set_config('app.team', '{team}', true)"))
        assert superuser or await owned.scalar(text("SELECT count(*) FROM event")) == count


async def test_the_apps_role_has_no_right_to_a_partition(
    connection: AsyncConnection, unprivileged: dict[str, str]
) -> None:
    """What it may do, it may through the table; where the tests run as their owner, it owns all."""
    if not unprivileged:
        return
    with pytest.raises(DBAPIError, match="permission denied for schema history"):
        await connection.execute(text(f"SELECT count(*) FROM {retention.REST}"))


LEFT_OUT = (
    "EXPLAIN SELECT FROM event WHERE received_at >= '2026-11-01Z' AND received_at < '2026-12-01Z'"
)


async def test_who_asks_for_a_month_reads_one_partition(owned: AsyncConnection) -> None:
    """PostgreSQL leaves out the others before it begins."""
    await retention.keep(owned, TODAY)
    plan = "".join(await owned.scalars(text(LEFT_OUT)))
    assert "event_2026_11" in plan and plan.count("event_2") == plan.count("event_2026_11")
    assert "event_rest" not in plan


async def test_a_page_looks_into_no_month_that_comes_after_it(owned: AsyncConnection) -> None:
    """However many there are: the cursor says the moment from which it goes back."""
    await retention.keep(owned, TODAY)
    september = datetime(2026, 9, 15, tzinfo=UTC), 1
    plan = await plan_of(owned, events.page(owned, september, None, 10))
    assert "event_2026_09" in plan and "event_2026_08" in plan, plan
    assert "event_2026_10" not in plan and "event_2027" not in plan, plan


async def test_the_first_page_looks_into_no_month_that_has_not_begun(
    owned: AsyncConnection,
) -> None:
    """Those two wait for their time."""
    await retention.keep(owned, datetime.now(UTC).date())
    plan = await plan_of(owned, events.page(owned, None, None, 10))
    assert f"Subplans Removed: {retention.AHEAD}" in plan, plan


INDEXES = """
SELECT count(*), bool_and(i.indisvalid) FROM pg_partition_tree('ix_event_alert') t
JOIN pg_index i ON i.indexrelid = t.relid"""


@pytest.mark.parametrize(("months", "count"), [(False, 2), (True, 17)])
async def test_every_partition_has_the_index(
    owned: AsyncConnection, months: bool, count: int
) -> None:
    """Those that were there when the index was made, and those that came later."""
    if months:
        await retention.keep(owned, TODAY)
    assert tuple((await owned.execute(text(INDEXES))).one()) == (count, True)


@pytest.fixture
async def restored(owner: AsyncEngine) -> AsyncIterator[None]:
    """Takes the months away that a command has made."""
    yield
    async with owner.begin() as connection:
        for name in await partitions(connection):
            if name != "rest":
                await connection.execute(text(f"DROP TABLE history.event_{name}"))


async def test_the_command_does_it(owner: AsyncEngine, restored: None) -> None:
    """In a transaction of its own, one after the other where two run at once."""
    url = owner.url.render_as_string(hide_password=False)
    command, env = (sys.executable, "-m", "app.retention"), os.environ | {"DATABASE_URL": url}
    begun = [asyncio.create_subprocess_exec(*command, cwd=ALEMBIC.parent, env=env) for _ in "12"]
    async with asyncio.timeout(30):
        both = await asyncio.gather(*begun)
        assert [await each.wait() for each in both] == [0, 0]
    async with owner.connect() as connection:
        assert len(await partitions(connection)) == 16


async def test_the_command_gives_up_where_others_are_in_the_way(
    owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Those who wait behind it wait no longer than that, and a start does not fail for it."""
    monkeypatch.setattr(retention, "LOCK_TIMEOUT", "200ms")
    async with owner.connect() as reads, asyncio.timeout(8):
        await reads.execute(text("SELECT count(*) FROM event"))
        await retention.main()
    [noted] = caplog.records
    assert (noted.levelname, vars(noted)["fields"]["sqlstate"]) == ("WARNING", "55P03")
    async with owner.connect() as connection:
        assert await partitions(connection) == ["rest"]
