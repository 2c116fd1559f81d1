"""The databases of checks: each begins as the notebook does, and a server may go and come back."""

import asyncio
from pathlib import Path

import asyncpg
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place
from postgres_fixtures import started

from workbook import material
from workbook.checks import checking
from workbook.checks.verdict import Verdict
from workbook.postgres import new_private_cluster

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
