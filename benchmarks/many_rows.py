"""A database with many alerts, as the reference app would have made them in a year."""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import asyncpg

from benchmarks import apps
from benchmarks.load import Failure
from workbook import postgres
from workbook.postgres import databases

TEAMS, OPEN = 4, 80
"""Among how many teams all is spread, and how many incidents are not over."""
BYTES = 2500
"""On disk, for each alert with all that belongs to it; with room to spare."""
ROWS = """
SET session_replication_role = replica;  -- no trigger looks for a row that is certainly there
INSERT INTO incident (title, severity, status, opened_at, team_id)
SELECT 'Disk is full', 'major', CASE WHEN n > {count} - {open} THEN 'open' ELSE 'resolved' END,
    now() - ({count} - n) * interval '360 days' / {count}, 1 + n % {teams}
FROM generate_series(1, {count}) n;
INSERT INTO alert (dedupe_key, payload, received_at, team_id, incident_id)
SELECT 'key-' || id, jsonb_build_object('host', 'host-' || id / 200), opened_at, team_id, id
FROM incident ORDER BY id;
INSERT INTO page (sent_at, team_id, incident_id, user_id)
SELECT opened_at, team_id, id, CASE team_id WHEN 1 THEN 1 ELSE 502 + team_id END
FROM incident ORDER BY id;
INSERT INTO event (received_at, team_id, dedupe_key, title, severity, payload)
SELECT received_at + again * interval '1 second', team_id, dedupe_key, 'Disk is full', 'major',
    payload
FROM alert, generate_series(0, 1) again ORDER BY id;
RESET session_replication_role;
"""
SIZE = "SELECT pg_database_size(current_database())"


def make(count: int) -> tuple[str, int]:
    """Make a database with so many alerts; return its URL, as a superuser, and its bytes.

    Raises Failure where the disk has no room for it.
    """
    server = postgres.attach()
    free = shutil.disk_usage(Path.cwd()).free
    if free < BYTES * count:
        raise Failure(
            f"{count:,} alerts want {BYTES * count / 1e9:.1f} GB, {free / 1e9:.1f} are free"
        )
    name = f"millions_{count}"
    asyncio.run(databases.recreate(server, name))
    url = server.url(name, role="admin")
    apps.make(url)
    return url, asyncio.run(_fill(url, count))


async def _fill(url: str, count: int) -> int:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(ROWS.format(count=count, open=OPEN, teams=TEAMS))
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        return int(await connection.fetchval(SIZE))
    finally:
        await connection.close(timeout=5)


async def end_all(url: str, count: int) -> None:
    """Say that what requests have opened is over: the same is open as before."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(f"UPDATE incident SET status = 'resolved' WHERE id > {count}")
        await connection.execute("DELETE FROM page WHERE sent_at IS NULL")
    finally:
        await connection.close(timeout=5)


INSIDE = """
import asyncio, datetime, statistics, sys, time
from app import database, retention
from app.repositories import escalation

async def timed(work, times):
    seen = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        seen.append(1000 * (time.perf_counter() - began))
    return statistics.median(seen)

async def main():
    database.TEAM.set(1)
    if sys.argv[1] == "ask":
        print(await timed(lambda: database.transact(escalation.ask), 20))
        return
    today = datetime.datetime.now(datetime.UTC).date()
    async with database.engine.begin() as connection:
        print(await timed(lambda: retention.keep(connection, today), 5))

asyncio.run(main())
"""


def inside(url: str, what: str) -> float:
    """Milliseconds of what no request asks for: `ask` of the worker, or `keep` of the retention."""
    app = apps.OURS if what == "ask" else replace(apps.OURS, role="")
    ran = subprocess.run(
        [sys.executable, "-c", INSIDE, what],
        cwd=apps.REFERENCE,
        env=apps.env(app, url),
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise Failure(f"{what}: {ran.stderr[-1500:]}")
    return float(ran.stdout)
