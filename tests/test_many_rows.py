"""`lab.rows`, `lab.plan`, `lab.memory`: many rows, and what queries of them cost."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.authoring import sandbox
from workbook.base.disk import FULL
from workbook.base.problem import Problem
from workbook.evidence import plans
from workbook.lab import lab as lab_module
from workbook.lab import many_rows
from workbook.lab.lab import Lab, begin
from workbook.postgres import databases
from workbook.seeds import many

WANTED = 8_000
ALERT = table("alert", column("id"), column("team_id"), column("received_at"))


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with sandbox.server():
        yield


@pytest.fixture
def run(server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Run something with an open lab of notebook 13, which ends with the lab."""
    monkeypatch.setattr(lab_module, "_current", None)
    monkeypatch.setattr(many_rows, "SMALLER", (WANTED, 800, 80))

    async def with_lab(work: Callable[[Lab], Awaitable[None]]) -> None:
        async with opened() as lab:
            await work(lab)

    with sandbox.work() as own, sandbox.environment(own):
        yield lambda work: asyncio.run(with_lab(work))


@asynccontextmanager
async def opened() -> AsyncIterator[Lab]:
    lab = await begin("13")
    yield lab
    assert lab_module._current is not None
    await lab_module._current.close()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are filled from now on."""
    filled: list[str] = []
    fill = databases._fill

    async def noted(server: Any, name: str, *rest: Any) -> None:
        filled.append(name)
        await fill(server, name, *rest)

    monkeypatch.setattr(databases, "_fill", noted)
    return filled


def has_free(monkeypatch: pytest.MonkeyPatch, amount: float) -> None:
    """Let the disk have so many bytes free."""
    usage = shutil.disk_usage(Path.cwd())._replace(free=int(amount))
    monkeypatch.setattr(many_rows.shutil, "disk_usage", lambda _: usage)


def test_rows_are_made_once_and_are_of_four_teams(
    run: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = counted(monkeypatch)

    async def work(lab: Lab) -> None:
        for _ in range(2):
            await lab.rows(WANTED)
            assert await lab.observer.count("alert") == WANTED
            await lab.observer.fetch("DELETE FROM alert")
        await lab.rows(WANTED)
        teams = "SELECT team_id, count(*) FROM alert GROUP BY 1 ORDER BY 1"
        assert [tuple(row) for row in await lab.observer.fetch(teams)] == [
            (team, WANTED // 4) for team in (1, 2, 3, 4)
        ]
        apart = "SELECT count(*) FROM alert AS a JOIN incident AS i ON i.id = a.incident_id"
        assert await lab.observer.value(f"{apart} AND i.team_id <> a.team_id") == 0
        assert await lab.observer.value(f"{apart} AND i.team_id = a.team_id") == WANTED

    run(work)
    assert [each for each in filled if "many" in each] == [f"nightwatch_many_{WANTED}_making"]
    assert "is made" not in capsys.readouterr().out


def test_jupyterlab_shows_how_far_it_is_on_a_line_that_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[tuple[str, bool]] = []

    class Shell:
        display_pub: Any

        @staticmethod
        def publish(data: dict[str, str], transient: object, update: bool) -> None:
            said.append((data["text/plain"], update))

    Shell.display_pub = Shell
    monkeypatch.setattr(many_rows.ipython, "cell_id", lambda: "a cell")
    monkeypatch.setattr(many_rows.ipython, "current_shell", lambda: Shell)
    progress = many_rows._Progress(20)
    for done in range(1, 41):
        progress(done, 40)
    told = [f"{tenths}0 % of it is made" for tenths in range(1, 10)]
    assert said == [(each, number > 0) for number, each in enumerate([*told, ""])]


def test_constraints_policies_and_indexes_are_those_of_the_app(run: Callable[..., None]) -> None:
    facts = """
    SELECT conname::text || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'alert'::regclass
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'alert'::regclass
    UNION ALL SELECT relname || relforcerowsecurity || relrowsecurity FROM pg_class
    WHERE relname IN ('alert', 'incident', 'team') ORDER BY 1"""

    async def work(lab: Lab) -> None:
        before = await lab.observer.fetch(facts)
        await lab.rows(80)
        assert await lab.observer.fetch(facts) == before

    run(work)


def test_the_database_goes_at_the_end_and_the_template_stays(server: None) -> None:
    async def work() -> list[str]:
        async with opened() as lab:
            await lab.rows(80)
        admin = await asyncpg.connect(lab._session.server.url(role="admin"))
        found = await admin.fetch("SELECT datname FROM pg_database ORDER BY 1")
        await admin.close()
        return [row[0] for row in found]

    with sandbox.work() as own, sandbox.environment(own):
        left = asyncio.run(work())
    assert "nightwatch_many_80" in left and "nightwatch_13" not in left


def test_a_small_disk_gets_fewer_rows_and_says_so(
    run: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    has_free(monkeypatch, many_rows.SPARE + 5 * 800 * many.A_ROW)

    async def work(lab: Lab) -> None:
        await lab.rows(16_000)
        assert await lab.observer.count("alert") == 800

    run(work)
    assert "800 alerts (the disk has no room for more)" in capsys.readouterr().out


def test_a_disk_without_any_room_is_a_sentence(
    run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_free(monkeypatch, 1000)

    async def work(lab: Lab) -> None:
        with pytest.raises(Problem, match="The disk is full"):
            await lab.rows(16_000)

    run(work)


def test_a_disk_that_fills_up_meanwhile_gets_fewer_rows_and_nothing_half_made_stays(
    run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = databases._fill

    async def full(server: Any, name: str, *rest: Any) -> None:
        if "many_2400" in name:
            raise asyncpg.DiskFullError("could not extend file")
        await fill(server, name, *rest)

    monkeypatch.setattr(databases, "_fill", full)

    async def work(lab: Lab) -> None:
        await lab.rows(2_400)
        assert await lab.observer.count("alert") == 800
        query = "SELECT count(*) FROM pg_database WHERE datname LIKE '%making'"
        assert await lab.observer.value(query) == 0

    run(work)
    assert FULL.startswith("The disk is full")


@pytest.mark.parametrize("wrong", [0, 81, -80])
def test_a_number_that_incidents_cannot_share_is_refused(
    run: Callable[..., None], wrong: int
) -> None:
    async def work(lab: Lab) -> None:
        with pytest.raises(Problem, match="multiple of 80"):
            await lab.rows(wrong)

    run(work)


def test_a_plan_is_data_text_and_a_drawing_and_the_same_in_each_run(
    run: Callable[..., None],
) -> None:
    query = select(ALERT.c.id).order_by(ALERT.c.received_at.desc()).limit(5)

    async def work(lab: Lab) -> None:
        await lab.rows(WANTED)
        first, again = await lab.plan(query), await lab.plan(query)
        assert first.kinds[:2] == ["Limit", "Sort"] and first.rows == 5
        assert (first.blocks, first.root) == (again.blocks, again.root)
        assert repr(first).startswith("Limit: 5 rows\n└── Sort: 5 rows\n    └── ")
        assert "≈" in repr(first).splitlines()[-1]
        drawn = first._repr_mimebundle_()["text/vnd.mermaid"]
        assert drawn.startswith("flowchart BT") and "-->|5 rows|" in drawn
        one = await lab.plan("SELECT id FROM alert WHERE id = $1", 4)
        assert (one.indexes, one.tables, one.rows) == (["pk_alert"], ["alert"], 1)
        assert (await lab.plan("SELECT id FROM alert WHERE id = $1", 5)).rows == 0  # of team 2
        assert (await lab.plan("SELECT id FROM alert WHERE id = $1", 5, team=2)).rows == 1

    run(work)


def test_what_is_explained_is_undone_and_its_triggers_are_named(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        await lab.rows(80)
        count = await lab.observer.count("incident")
        plan = await lab.plan("DELETE FROM incident WHERE id = (SELECT min(id) FROM incident)")
        assert "fk_alert_team_id_incident_id_incident" in plan.triggers
        assert "fk_alert_team_id_incident_id_incident" in repr(plan)
        assert await lab.observer.count("incident") == count

    run(work)


def test_a_part_of_a_query_is_no_query(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        with pytest.raises(Problem, match="no whole query"):
            await lab.plan(ALERT.c.id == 1)

    run(work)


def test_rounds_are_multiplied_and_what_is_thrown_away_is_told() -> None:
    inner = {"Node Type": "Index Scan", "Scan Direction": "Backward", "Relation Name": "alert"}
    inner |= {"Index Name": "ix", "Actual Rows": 2.5, "Actual Loops": 4, "Plan Rows": 1}
    inner |= {"Rows Removed by Filter": 1}
    top = {"Node Type": "Nested Loop", "Actual Rows": 10.0, "Actual Loops": 1, "Plan Rows": 3}
    top |= {"Shared Hit Blocks": 7, "Shared Read Blocks": 2, "Plans": [inner]}
    plan = plans.read({"Plan": top, "Execution Time": 1.25})
    assert plan.blocks == 9 and plan.root.parts[0].rows == 10
    scan = "Index Scan Backward of alert by ix: 10 rows, 4 thrown away"
    assert str(plan.root.parts[0]) == scan


async def little(session: AsyncSession) -> int:
    """Reads nothing."""
    return 0


async def much(session: AsyncSession) -> int:
    """Takes 80 MB for a moment."""
    return len(bytearray(80_000_000)) // 80_000_000


async def broken(session: AsyncSession) -> int:
    """Fails."""
    raise LookupError("on purpose")


def test_memory_is_measured_at_its_peak_in_fresh_processes(
    run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(lab: Lab) -> None:
        table = await lab.memory(little, much)
        [(first, none, low), (second, one, high)] = table.rows
        assert (first, none, second, one) == ("little", 0, "much", 1)
        assert low < 20 < 75 < high < 110
        assert "≈" in repr(table)
        with pytest.raises(Problem, match="broken came to no end: LookupError: on purpose"):
            await lab.memory(broken)

    run(work)
