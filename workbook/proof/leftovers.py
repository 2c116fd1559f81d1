"""What a notebook must not leave: processes, sessions, databases, files it did not announce."""

import os
import time
from pathlib import Path

import asyncpg
import psutil

from workbook import postgres
from workbook.base.processes import running
from workbook.base.sync import run_coroutine
from workbook.forkserver import records
from workbook.stack import opening

_LEFT = """
SELECT 'a session on' AS kind, datname::text AS name FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
UNION ALL
SELECT 'the database', datname::text FROM pg_database WHERE datname LIKE '%\\_check\\_%'
"""
EXPECTED = {"myapp", ".workbook", "drills", "postmortems"}
"""The app, what is remembered, the copies of drills to read in, and the pages that are kept."""
PATIENCE = 5.0
"""Seconds that processes and backends get to go."""


def of(folder: Path) -> list[str]:
    """What is still there after the kernel of this learner's folder has ended."""
    deadline = time.monotonic() + PATIENCE
    while (found := processes(folder) + _sessions()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found + _stacks(folder) + _files(folder)


def _stacks(folder: Path) -> list[str]:
    """Stacks that nobody closed, whose containers may still run."""
    left = list((folder / ".workbook" / opening.STACKS).glob("*"))
    opening.sweep(folder / ".workbook" / opening.STACKS)
    return [f"the stack {each.name}" for each in left]


def processes(folder: Path) -> list[str]:
    """Processes that were started for this folder, and forks that were made for it.

    A fork shows the environment of its server, so it is known by its session.
    """
    sessions, found = dict(records.sessions(folder)), []
    for process in running("pid", "name"):
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if forked := sessions.get(os.getsid(process.pid)):
                found.append(f"fork {process.pid} of {forked}")
            elif process.environ().get("WORKBOOK_WORK") == str(folder):
                found.append(f"process {' '.join(process.cmdline()[:4])}")
        except (psutil.Error, OSError):
            continue
    return found


def _sessions() -> list[str]:
    """Clients of the server besides this question, and databases of checks."""
    return run_coroutine(_ask)


async def _ask() -> list[str]:
    server = postgres.attach()
    admin = await asyncpg.connect(server.url(server.maintenance, role="admin"), timeout=5)
    try:
        rows = await admin.fetch(_LEFT)
        return [f"{row['kind']} {row['name']}" for row in rows]
    finally:
        await admin.close(timeout=5)


def _files(folder: Path) -> list[str]:
    return [f"the file {path.name}" for path in folder.iterdir() if path.name not in EXPECTED]
