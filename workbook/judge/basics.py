"""Whether it can be judged at all: a folder with an app, its tables, its start, its own tests."""

import asyncio
from dataclasses import replace

import asyncpg

from workbook.base.waiting import eventually
from workbook.judge.finding import Finding
from workbook.judge.place import TEMPLATE, Place, reason
from workbook.postgres import databases
from workbook.stack.state import LogLine

MIGRATE, TESTS, MEET = 60.0, 150.0, 10.0
"""Seconds that the migrations may take, the service's own tests, and two migrations to meet."""
KILLED = 128 + 9
"""What a program ends with that SIGKILL has ended, as the judge does when its time is over."""
VERSIONS = "BEGIN; CREATE TABLE alembic_version (version_num text)"
"""What Alembic makes first: it waits until it is decided whether there is such a table."""
WAITERS = """
SELECT count(*) FROM pg_stat_activity AS one WHERE datname = current_database() AND (
    EXISTS (SELECT FROM pg_locks WHERE pid = one.pid AND NOT granted)
    OR pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory%'
    AND NOT EXISTS (SELECT FROM pg_locks WHERE pid = one.pid AND locktype = 'advisory')
)"""
"""Who waits for a lock; and who was told that it is not their turn, and asks for it again."""
UPGRADE = ("alembic", "upgrade", "head")
TABLES = (
    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


async def is_there(place: Place) -> Finding:
    """A folder that holds the module which uvicorn is to import."""
    if not place.folder.is_dir():
        return Finding(f"there is no folder {place.name()}", "Make it, or name another one.")
    module = place.contract.module
    if not (place.folder / module).is_file():
        seen = f"there is no {module} in {place.name()}/"
        return Finding(seen, "Name the folder that holds it, or say `app = …` in judge.toml.")
    return Finding(f"{module} is there")


async def migrates(place: Place) -> Finding:
    """`alembic upgrade head` makes its tables in an empty database; then what it prepares."""
    await databases.recreate(place.server, TEMPLATE)
    code, said = await place.run(UPGRADE, TEMPLATE, MIGRATE)
    if code:
        return _refused("alembic upgrade head", code, said, "03")
    async with place.admin(TEMPLATE) as admin:
        tables = await admin.fetchval(TABLES)
    if not tables:
        return Finding("no table", "Which revision makes them, and where does it lie? (03)")
    if (prepare := place.contract.prepare) is not None:
        code, last = await place.say(prepare.module, TEMPLATE, prepare.input)
        if code:
            return _refused(f"python -m {prepare.module[0]}", code, [last], "judge.toml")
    return Finding(f"tables: {tables}")


def _refused(command: str, code: int, said: list[str], where: str) -> Finding:
    last = reason([LogLine(0, line) for line in said]) or "it said nothing"
    next_ = f"Run it in the folder on an empty database, and read its end ({where})."
    if code == KILLED:
        seen = f"{command} was ended before its end, most often for taking too long"
        return Finding(f"{seen}: {last.strip()[:160]}", f"Is this machine busy? Ask again. {next_}")
    return Finding(f"{command} ended with {code}: {last.strip()[:160]}", next_)


async def starts(place: Place) -> Finding:
    """uvicorn serves it, it says that it lives and is ready, and somebody can log in."""
    async with place.service() as service:
        live = await service.client.get(place.contract.live)
        ready = await service.client.get(place.contract.ready)
        last = f"The end of its log: {service.log()}"
        if not live.ok:
            return Finding(f"{place.contract.live} says {live.words}", last)
        if not ready.ok:
            seen = f"{place.contract.ready} says {ready.words}"
            return Finding(seen, f"Answer there when the database does (05.health). {last}")
        login = place.contract.login
        if login is not None and service.client.headers["authorization"] == "Bearer ":
            return Finding(f"{login.path} gave no access_token", f"See judge.toml. {last}")
    return Finding(f"{place.contract.live} and {place.contract.ready} say 200")


async def own_tests(place: Place) -> Finding:
    """Its own tests pass, on an empty database that TEST_DATABASE_URL names."""
    await databases.recreate(place.server, name := "judged_test")
    command = (place.python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header")
    url = {"TEST_DATABASE_URL": place.url(name)}
    code, said = await place.run(command, name, TESTS, **url)
    last = next((line for line in reversed(said) if line.strip()), "").strip("= ")
    broken = [line.split(" - ")[0] for line in said if line.startswith(("FAILED", "ERROR "))]
    if code == 0:
        return Finding(last.partition(" in ")[0])
    if code == 5 or not said:
        return Finding("there are none", "Write the first: what must never happen again? (08)")
    return Finding(f"{last.partition(' in ')[0]}; {broken[0] if broken else ''}".rstrip("; "),
                   "Run pytest in the folder.")  # fmt: skip


async def two_at_once(place: Place) -> Finding:
    """Two `alembic upgrade head` at once on an empty database, which arrive at the same moment."""
    await databases.recreate(place.server, name := "twice")
    async with place.admin(name) as admin:
        await admin.execute(VERSIONS)
        both = [asyncio.create_task(place.run(UPGRADE, name, MIGRATE)) for _ in "12"]
        await eventually(lambda: _waiting(admin, both), MEET, 0.05)
        await admin.execute("ROLLBACK")
        failed = [(code, said) for code, said in await asyncio.gather(*both) if code]
    if not failed:
        return Finding("both end well")
    code, said = failed[0]
    seen = _refused(f"{len(failed)} of two: alembic upgrade head", code, said, "04.turns")
    return replace(seen, next="Let one wait for the other: an advisory lock in env.py (04.turns).")


async def _waiting(
    admin: asyncpg.Connection, both: list[asyncio.Task[tuple[int, list[str]]]]
) -> bool:
    """Whether both wait by now, or one of them has ended."""
    # In a transaction pg_stat_activity stays as it was when it was read first.
    await admin.execute("SELECT pg_stat_clear_snapshot()")
    return any(each.done() for each in both) or await admin.fetchval(WAITERS) == len(both)
