"""Faults of migrations: two at once, and one that waits behind a transaction."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

from alembic.config import Config
from alembic.script import ScriptDirectory

from benchmarks import apps
from benchmarks.clients import Storm
from benchmarks.victims import Place, Seen, Victim, until

ROUNDS = 2
PATIENCE = 40.0
"""Seconds that one migration may take."""
HELD, READ = 4.0, 3.5
"""Seconds for which the ALTER finds its table taken, and that a reader may wait because of it."""
WAITING = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE '%ADD COLUMN note%'
"""
ONE_MORE = """
from alembic import op

revision, down_revision = "one_more", {head!r}


def upgrade() -> None:
    op.execute("ALTER TABLE user_account ADD COLUMN note text")
"""


class Migrations:
    """The reference app's migrations, with its own env.py or with Alembic's plain one."""

    def __init__(self, folder: Path, *, plain: bool) -> None:
        self._folder, self._driver = folder, "postgresql+asyncpg:"
        shutil.copytree(apps.REFERENCE / "alembic", folder / "alembic")
        shutil.copy(apps.REFERENCE / "alembic.ini", folder)
        if plain:
            shutil.copy(apps.PEERS / "plain_env.py", folder / "alembic" / "env.py")

    def one_more(self) -> None:
        """Add a migration that alters user_account."""
        head = ScriptDirectory.from_config(Config(self._folder / "alembic.ini")).get_current_head()
        path = self._folder / "alembic" / "versions" / "one_more.py"
        path.write_text(ONE_MORE.format(head=head))

    @contextlib.asynccontextmanager
    async def upgrading(self, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`alembic upgrade head` on this database; ended at the end, if it still runs."""
        env = os.environ | {"DATABASE_URL": url.replace("postgresql:", self._driver, 1)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "alembic", "upgrade", "head"),
            cwd=self._folder,
            env=env | {"PYTHONPATH": str(apps.REFERENCE)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def upgrade(self, url: str) -> str:
        """Migrate; return what it said last where it failed, and an empty string otherwise."""
        async with asyncio.timeout(PATIENCE), self.upgrading(url) as process:
            return await _complaint(process)


async def _complaint(process: asyncio.subprocess.Process) -> str:
    _, said = await process.communicate()
    lines = said.decode(errors="replace").splitlines()
    errors = [each for each in lines if "Error" in each and not each.startswith(" ")]
    return (errors or lines or ["?"])[-1] if process.returncode else ""


@contextlib.asynccontextmanager
async def _copies() -> AsyncIterator[list[Migrations]]:
    """The plain ones for the recipe, and the reference app's own."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-") as name:
        folders = Path(name) / "recipe", Path(name) / "ours"
        yield [Migrations(each, plain=each.name == "recipe") for each in folders]


async def two_upgrades(place: Place) -> list[Seen]:
    """Two `alembic upgrade head` at once on an empty database, some rounds."""
    async with _copies() as both:
        return [await _two_upgrades(place, each) for each in both]


async def _two_upgrades(place: Place, migrations: Migrations) -> Seen:
    crashed = []
    for _ in range(ROUNDS):
        url = await place.empty("twice")
        said = await asyncio.gather(migrations.upgrade(url), migrations.upgrade(url))
        crashed += [next(filter(None, said))] if any(said) else []
    words = f"{len(crashed)} of {ROUNDS} rounds crash"
    return Seen(words, f"one said {crashed[0]}" if crashed else "")


async def alter_waits(place: Place) -> list[Seen]:
    """An ALTER behind an open transaction, while readers go on; then once more without it."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    async with _copies() as migrations:
        for each in migrations:
            each.one_more()
        with place.victims(urls) as both:
            rows = map(_alter_waits, both, migrations)
            return list(await asyncio.gather(*rows))


async def _alter_waits(victim: Victim, migrations: Migrations) -> Seen:
    over, storm = asyncio.Event(), Storm(victim.port, writing=False)
    async with asyncio.timeout(90), asyncio.TaskGroup() as group:
        group.create_task(storm.run(over))
        waited, said = await _behind(victim, migrations)
        await asyncio.sleep(0.5)
        over.set()
    left = await migrations.upgrade(victim.url) if said else ""
    fate = f"gave up after {waited:.1f} s" if said else f"waited {waited:.1f} s"
    words = f"ALTER {fate}; readers: {storm.tally.words()}"
    miss = "reads failed" if storm.tally.failures else f"it failed later: {left}" if left else ""
    if storm.tally.slowest > READ:
        miss = miss or f"a reader waited {storm.tally.slowest:.1f} s, limit {READ} s"
    return Seen(
        words + ("; the next try worked" if said and not left else ""), victim.because(miss)
    )


async def _behind(victim: Victim, migrations: Migrations) -> tuple[float, str]:
    """Alter behind a transaction that has read; return for how long, and what it said at the end.

    Its clock starts when the ALTER waits; HELD seconds later, at most, the transaction ends.
    """
    async with victim.session() as holder, migrations.upgrading(victim.url) as process:
        await holder.execute("BEGIN; SELECT 1 FROM user_account LIMIT 1")
        saying = asyncio.create_task(_complaint(process))

        async def waiting() -> bool:
            return saying.done() or bool(await victim.fetch(WAITING))

        async def decided() -> bool:
            return saying.done() or not await victim.fetch(WAITING)

        await until(waiting, PATIENCE)
        began = monotonic()
        await until(decided, HELD)
        waited = monotonic() - began
        await holder.execute("ROLLBACK")
        return waited, await saying
