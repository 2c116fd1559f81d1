"""The databases of checks: each begins as the notebook does, and a server may go and come back."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place
from postgres_fixtures import started, until

from workbook import material
from workbook.base.sync import run_coroutine
from workbook.checks import checking
from workbook.checks.verdict import Verdict
from workbook.postgres import PostgresProblem, new_private_cluster

EXERCISE = material.exercise("00.fetch")
OURS = "SELECT count(*) FROM pg_database WHERE datname LIKE 'judge_check%'"


def test_checks_go_on_after_the_server_was_killed_and_leave_no_database(place: Path) -> None:
    with started(new_private_cluster(place / "cluster")) as server:
        checks = checking.Checks(server, "00", "judge")

        async def judged() -> list[Verdict]:
            verdicts = [await checks.judge(EXERCISE, EXERCISE.solution)]
            await asyncio.to_thread(server.restart, "immediate")  # what was being made is not
            verdicts += [await checks.judge(EXERCISE, EXERCISE.solution) for _ in range(3)]
            await checks.close()
            return verdicts

        async def left() -> int:
            admin = await asyncpg.connect(server.url(role="admin"))
            count = int(await admin.fetchval(OURS))
            await admin.close()
            return count

        assert [each.kind for each in asyncio.run(judged())] == ["right"] * 4
        assert asyncio.run(left()) == 0
    checking.RUNNER.stop()


def test_a_cell_that_holds_up_the_loop_leaves_no_database_half_made(place: Path) -> None:
    """A connection that waits in its login would hold up whoever drops a database there."""
    with started(new_private_cluster(place / "cluster")) as server:
        checks = checking.Checks(server, "00", "judge")

        async def made() -> int:
            admin = await asyncpg.connect(server.url(role="admin"))
            count = int(
                await admin.fetchval(f"{OURS} AND shobj_description(oid, 'pg_database')>''")
            )
            await admin.close()
            return count

        async def ready_behind_a_blocked_loop() -> bool:
            checks.warm()
            await asyncio.sleep(0)
            try:
                return until(lambda: run_coroutine(made) > 0)  # nothing else runs on this loop
            finally:
                await checks.close()

        assert asyncio.run(ready_behind_a_blocked_loop())
    checking.RUNNER.stop()


WAITS = """
import asyncio
import asyncpg

async def open_incidents(url):
    while True:
        await asyncpg.connect(url)
        await asyncio.sleep(0.1)
"""


def test_a_server_that_dies_in_a_check_is_no_fault_of_the_answer(place: Path) -> None:
    with started(new_private_cluster(place / "cluster")) as server:
        checks = checking.Checks(server, "00", "judge")

        async def judged() -> None:
            await checks.judge(EXERCISE, EXERCISE.solution)
            running = asyncio.create_task(checks.judge(EXERCISE, WAITS))
            await asyncio.sleep(0.3)
            pid = int((server.home / "data" / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGKILL)
            try:
                with pytest.raises(PostgresProblem, match="The workbook's Postgres has stopped"):
                    await running
            finally:
                await checks.close()

        asyncio.run(judged())
    checking.RUNNER.stop()


NOISY = """
import asyncio
import sys

async def open_incidents(url):
    asyncio.sleep(1)
    print("x" * 3000, file=sys.stderr)
    return []
"""
FORGETFUL = EXERCISE.solution.replace(
    "    connection =", "    asyncio.sleep(0)\n    connection =", 1
)


def test_what_python_says_of_an_answer_is_said_and_what_goes_to_stderr_is_not_counted(
    place: Path,
) -> None:
    with started(new_private_cluster(place / "cluster")) as server:
        checks = checking.Checks(server, "00", "judge")

        async def judged() -> list[Verdict]:
            forgetful = f"import asyncio\n{FORGETFUL}"
            verdicts = [await checks.judge(EXERCISE, text) for text in (NOISY, forgetful)]
            await checks.close()
            return verdicts

        noisy, forgetful = asyncio.run(judged())
    checking.RUNNER.stop()
    assert noisy.kind == "not yet" and "Your code printed" not in repr(noisy)
    assert "`sleep`, called in your cell, line 6: asyncio.sleep(1)" in repr(noisy)
    assert forgetful.kind == "right" and "`sleep`, called in your cell" in repr(forgetful)
