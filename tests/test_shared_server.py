"""Two workbooks on one server of WORKBOOK_DATABASE_URL, in containers whose paths are the same."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from postgres_fixtures import reaper_of, started, until

from workbook.authoring import sandbox
from workbook.base.paths import ROOT
from workbook.base.sync import run_coroutine
from workbook.postgres import EmbeddedServer, new_private_cluster
from workbook.postgres.layout import Layout

LEARNER = """
import asyncio, os, sys
import asyncpg
from workbook import start
from workbook.lab import lifecycle

async def asked(lab, *statements):
    connection = await asyncpg.connect(lab.url)
    try:
        return [await connection.fetchval(each) for each in statements][-1]
    finally:
        await connection.close()

async def main(name):
    lab = await start("00")
    await lab.empty()
    session = lab._session
    exercise = session.book.exercises[0]
    await asked(lab, "CREATE TABLE mine (whose text)", f"INSERT INTO mine VALUES ('{name}')")
    print("begun in", session.database, flush=True)
    for line in sys.stdin:
        if line == "look\\n":
            verdict = await session.checks.judge(exercise, exercise.solution)
            print("found", await asked(lab, "SELECT whose FROM mine"), verdict.kind, flush=True)
        else:
            await lifecycle.close_notebook(session)

asyncio.run(main(sys.argv[1]))
"""
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "-m"]
SECONDS = 60
can_mount = (
    shutil.which("unshare") is not None
    and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
)
pytestmark = pytest.mark.skipif(not can_mount, reason="needs mount namespaces, as containers have")


class Container:
    """A learner's process, whose folder is at the same path as everybody's."""

    def __init__(self, name: str, folder: Path, path: Path, **environment: str) -> None:
        program = [sys.executable, "-P", "-c", LEARNER, name]
        mount = f'mount --bind "{folder}" "{path}" && exec "$0" "$@"'
        env = os.environ | sandbox.STEADY | environment
        env |= {"WORKBOOK_WORK": str(path), "PYTHONPATH": str(ROOT)}
        env.pop("WORKBOOK_CLUSTER", None)
        self.process = subprocess.Popen(
            [*NAMESPACE, "sh", "-c", mount, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
        )

    def reads(self, words: str) -> str:
        """The line with these words; AssertionError with all that was said if it does not come."""
        late = threading.Timer(SECONDS, self.process.kill)
        late.start()
        said = ""
        for line in self.process.stdout or []:
            said += line
            if words in line:
                late.cancel()
                return line.strip()
        late.cancel()
        raise AssertionError(said)

    def look(self) -> str:
        """Whose rows are in the database of the notebook, and what a right answer is called."""
        self._tell("look")
        return self.reads("found").removeprefix("found ")

    def close(self) -> None:
        self._tell("close")
        self.reads("Nothing is left open")
        self.end()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SECONDS)

    def _tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()


class Room:
    """One server, one path for all, and whoever has come."""

    def __init__(self, server: EmbeddedServer, top: Path) -> None:
        self.server, self._top = server, top
        self.come: list[Container] = []
        (top / "work").mkdir()

    def enters(self, name: str, role: str = "guest", **environment: str) -> Container:
        """A learner's start cell; with what lies in their folder if they were there before."""
        folder = self._top / name
        folder.mkdir(exist_ok=True)
        url = f"postgresql://{role}:g@127.0.0.1:{self.server.port}/postgres"
        environment = {"WORKBOOK_DATABASE_URL": url} | environment
        self.come.append(Container(name, folder, self._top / "work", **environment))
        return self.come[-1]

    def databases(self) -> list[str]:
        """All that are no template's, by name."""
        query = "SELECT datname FROM pg_database WHERE datname LIKE 'nightwatch%' ORDER BY 1"
        rows = run_coroutine(partial(_fetch, self.server, query))
        return [row for row in rows if "_from_" not in row]


async def _fetch(server: EmbeddedServer, *statements: str) -> list[str]:
    admin = await asyncpg.connect(server.url(role="admin"))
    try:
        return [row[0] for each in statements for row in await admin.fetch(each)]
    finally:
        await admin.close()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    for name in ("DATABASE_URL", "ADMIN_URL", "CLUSTER", "DATABASE_PREFIX"):
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    top = Path(tempfile.mkdtemp(prefix="workbook-tests-"))
    top.chmod(0o755)
    with started(new_private_cluster(top / "server")) as server:
        roles = [f"CREATE ROLE {each} LOGIN CREATEDB PASSWORD 'g'" for each in ("guest", "other")]
        run_coroutine(partial(_fetch, server, *roles))
        made = Room(server, top)
        yield made
        for each in made.come:
            each.end()
    assert until(lambda: reaper_of(Layout(server.home)) is None)
    shutil.rmtree(top)


def test_both_keep_their_databases_and_are_judged_rightly(room: Room) -> None:
    first, second = room.enters("ana"), room.enters("ben")
    names = [each.reads("begun in").rpartition(" ")[2] for each in (first, second)]
    assert len(set(names)) == 2
    assert [first.look(), second.look()] == ["ana right", "ben right"]
    assert room.enters("eve").reads("begun in")
    assert [first.look(), second.look()] == ["ana right", "ben right"]
    first.close()
    assert second.look() == "ben right"
    second.close()
    assert set(names) < set(room.databases())


def test_so_do_two_with_roles_of_their_own_and_one_admin(room: Room) -> None:
    admin = room.server.url(role="admin")
    first = room.enters("ana", WORKBOOK_ADMIN_URL=admin)
    second = room.enters("ben", "other", WORKBOOK_ADMIN_URL=admin)
    for each in (first, second):
        each.reads("begun in")
    assert [first.look(), second.look()] == ["ana right", "ben right"]


def test_a_prefix_that_another_has_is_refused_and_the_other_keeps_all(room: Room) -> None:
    first = room.enters("ana", WORKBOOK_DATABASE_PREFIX="nightwatch")
    first.reads("begun in nightwatch_00")
    second = room.enters("ben", WORKBOOK_DATABASE_PREFIX="nightwatch")
    said = second.reads("belongs to another workbook")
    assert "Set WORKBOOK_DATABASE_PREFIX" in said
    assert first.look() == "ana right"
    before = room.databases()
    first.close()
    again = room.enters("ana", WORKBOOK_DATABASE_PREFIX="nightwatch")
    again.reads("begun in nightwatch_00")
    assert again.look() == "ana right"
    assert [each for each in before if "_making" in each] == []


def lasting(room: Room) -> set[str]:
    """The databases without those of checks, the last of which goes in its own time."""
    return {each for each in room.databases() if "_check_" not in each}


def test_what_killed_kernels_leave_goes_with_the_next_start_and_nothing_else(room: Room) -> None:
    first, second = room.enters("ana"), room.enters("ben")
    for each in (first, second):
        each.reads("begun in")
    assert [first.look(), second.look()] == ["ana right", "ben right"]
    theirs = lasting(room)
    first.process.send_signal(signal.SIGKILL)
    first.end()
    assert lasting(room) == theirs, "a killed kernel removes nothing"
    again = room.enters("ana")
    name = again.reads("begun in").rpartition(" ")[2]
    again.close()
    mine = [each for each in room.databases() if each.startswith(name)]
    assert mine == [name]
    assert second.look() == "ben right"
    second.close()
    left = [each for each in room.databases() if "_check_" in each or each.endswith("_empty")]
    assert left == []
