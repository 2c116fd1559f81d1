"""Faults of the queue: a worker that dies with a page in hand, and two that empty one queue.

The worker of the reference app stands beside that of many tutorials, on the same tables.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import apps
from benchmarks.victims import OURS, RECIPE, Place, Seen, session, until

PAGES, KILLS = 60, 5
PATIENCE = 60.0
"""Seconds in which a queue must be empty."""
FILL = f"""
    INSERT INTO team (id, name) VALUES (99, 'pager');
    INSERT INTO user_account (id, name, email, login, team_id)
    VALUES (9999, 'Zoë', 'zoe@x.test', 'zoe', 99);
    INSERT INTO incident (id, title, severity, team_id)
    SELECT 9000 + n, 'fire', 'major', 99 FROM generate_series(1, {PAGES}) n;
    INSERT INTO page (incident_id, user_id, team_id)
    SELECT 9000 + n, 9999, 99 FROM generate_series(1, {PAGES}) n;
"""
LEFT = "SELECT count(*) FROM page WHERE sent_at IS NULL"
STUCK = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND relation = 'page'::regclass AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())
"""
COMMANDS = {RECIPE: [str(apps.PEERS / "worker.py")], OURS: ["-m", "app.worker"]}


@dataclass(frozen=True)
class Queue:
    """A database with pages that wait, and the log of those who send them."""

    app: apps.App
    url: str
    log: Path

    def told(self) -> Counter[int]:
        """How often each page went out, by its id."""
        lines = map(json.loads, self.log.read_text().splitlines())
        return Counter(each["page"] for each in lines if each["message"] == "paged")

    async def value(self, sql: str) -> int:
        """The number that this SQL finds, past the workers."""
        async with session(self.url) as connection:
            return int(await connection.fetchval(sql))

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker on this queue; it is killed at the end."""
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *COMMANDS[self.app]),
                cwd=self.app.folder,
                env=apps.env(self.app, self.url),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def emptied(self) -> bool:
        """Wait until no page waits; say whether that came to be."""

        async def done() -> bool:
            return await self.value(LEFT) == 0

        return await until(done, PATIENCE)

    async def dies(self) -> None:
        """A worker sends a page, waits for a lock before it can say so, and is killed."""

        async def stuck() -> bool:
            return bool(await self.value(STUCK))

        async with session(self.url) as holder:
            await holder.execute("BEGIN; LOCK TABLE page IN SHARE MODE")
            async with self.worker():
                if not await until(stuck, PATIENCE):
                    raise TimeoutError("no worker has a page in hand")


async def worker_dies(place: Place) -> list[Seen]:
    """Kill some workers, each with a page that is out and not marked; one more sends the rest."""
    return [await _dies(each) async for each in _queues(place)]


async def _dies(queue: Queue) -> Seen:
    for _ in range(KILLS):
        await queue.dies()
    async with queue.worker():
        empty = await queue.emptied()
    told, extra = queue.told(), queue.told().total() - PAGES
    words = f"{len(told)} of {PAGES} pages went out, {extra} of them again"
    miss = "" if empty else f"{await queue.value(LEFT)} pages still wait"
    if len(told) < PAGES or extra != KILLS:
        miss = miss or f"{words}; wanted: all, and one again for each worker that died"
    return Seen(words, miss)


async def two_workers(place: Place) -> list[Seen]:
    """Two workers begin at once, and empty one queue."""
    return [await _two(each) async for each in _queues(place)]


async def _two(queue: Queue) -> Seen:
    async with queue.worker(), queue.worker():
        empty = await queue.emptied()
    told = queue.told()
    twice = sum(count > 1 for count in told.values())
    words = f"{len(told)} of {PAGES} pages went out, {twice} of them more than once"
    miss = "" if empty else f"{await queue.value(LEFT)} pages still wait"
    return Seen(words, miss or (words if twice or len(told) < PAGES else ""))


async def _queues(place: Place) -> AsyncIterator[Queue]:
    """One queue for the tutorials' worker, and then one for the reference app's."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-") as folder:
        for app in (RECIPE, OURS):
            queue = Queue(app, await place.filled("queue"), Path(folder) / app.target)
            async with session(queue.url) as connection:
                await connection.execute(FILL)
            queue.log.touch()
            yield queue
