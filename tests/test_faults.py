"""What goes wrong on a learner's machine, and what the workbook says and does about it."""

import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from kernel import Kernel, kernel

from workbook import material
from workbook.authoring import sandbox
from workbook.base.sync import run_coroutine
from workbook.base.waiting import eventually_sync
from workbook.myapp.right_answers import right_answers

FETCH = material.exercise("00.fetch").solution
CHECK_DATABASES = (
    "SELECT coalesce(string_agg(datname, ' '), 'none') FROM pg_database "
    "WHERE datname LIKE '%_check_%'"
)
START = "from workbook import start\nlab = await start('00')"


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[dict[str, str]]:
    with sandbox.server() as environment:
        yield environment


@pytest.fixture
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with sandbox.work() as own:
        yield Path(own["WORKBOOK_WORK"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with (
        sandbox.work() as own,
        kernel(Path(own["WORKBOOK_WORK"]), WORKBOOK_CHECK_SECONDS="3") as made,
    ):
        yield made


@pytest.fixture
def cell(shared: Kernel) -> Kernel:
    """A kernel in which notebook 00 begins, with no answer and no app of an earlier test."""
    shared.run("globals().pop('open_incidents', None)")
    for name in ("myapp", ".workbook/history", ".workbook/progress.json"):
        path = shared.work / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    assert not shared.run(START).error
    return shared


def _postmaster(kernel: Kernel) -> int:
    code = "from workbook import postgres; print(postgres.attach().home)"
    home = Path(kernel.run(code).text.strip())
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_when_postgres_is_killed_the_next_cell_says_so_and_start_heals_it(cell: Kernel) -> None:
    cell.run("import asyncpg\nconnection = await asyncpg.connect(lab.url)")
    os.kill(_postmaster(cell), signal.SIGKILL)
    _gone(lambda: cell.run("lab._session.server.alive()").data == ["False"])
    used = cell.run("await connection.fetchval('SELECT 1')")
    assert used.error
    assert "The workbook's Postgres has stopped." in used
    assert "run the start cell again" in used
    fresh = cell.run("await asyncpg.connect(lab.url)")
    assert "The workbook's Postgres has stopped." in fresh
    looked = cell.run("await lab.observer.activity()")
    assert "The workbook's Postgres has stopped." in looked
    assert "Traceback" not in looked
    assert "The workbook's Postgres has stopped." in cell.run("await lab.check('00.fetch')")
    assert not cell.run(START).error
    assert cell.run("await lab.observer.count('incident')").data == ["8"]
    assert cell.run("await (await asyncpg.connect(lab.url)).fetchval('SELECT 1')").data == ["1"]


def test_a_learner_cannot_drop_the_database_that_the_observer_looks_at(cell: Kernel) -> None:
    shown = cell.run(
        "import asyncpg\n"
        "other = await asyncpg.connect(lab.url, database='postgres')\n"
        "await other.execute(f'DROP DATABASE {lab.database} WITH (FORCE)')"
    )
    assert shown.error == "InsufficientPrivilegeError"
    assert not cell.run("await other.close()").error


def test_when_the_database_is_gone_the_next_cell_says_so_and_start_brings_it_back(
    cell: Kernel,
) -> None:
    cell.run("from workbook.postgres import databases")
    cell.run("await databases.drop(lab._session.server, lab.database)")
    shown = cell.run("import asyncpg\nawait asyncpg.connect(lab.url)")
    assert shown.error == "InvalidCatalogNameError"
    assert "The database nightwatch_00 is gone." in shown
    assert not cell.run(START).error
    assert cell.run("await lab.observer.count('incident')").data == ["8"]


def test_a_right_answer_that_was_spoilt_is_not_taken_for_right(work: Path) -> None:
    with kernel(work) as cell:
        cell.run(START)
        cell.run(FETCH)
        assert "RIGHT" in cell.run("await lab.check('00.fetch')")
        assert "open_incidents: yours" in cell.run("await lab.use('00.fetch')")
        cell.run(FETCH.replace("'open'", "'closed'"))
        assert "open_incidents: the reference" in cell.run("await lab.use('00.fetch')")


def test_what_the_first_check_needs_gets_ready_at_the_start(work: Path) -> None:
    with kernel(work, WORKBOOK_WARM="") as early, kernel(work) as late:
        for each in (early, late):
            each.run(START)
        assert eventually_sync(lambda: _forks(early), 10)  # a new process has no words yet
        assert not _forks(late)


def _forks(kernel: Kernel) -> bool:
    """Whether a server that forks belongs to this kernel."""
    children = psutil.Process(kernel.pid).children()
    return any("workbook.forkserver" in each.cmdline() for each in children)


FULL = """
import errno, os, pathlib
{name} = {where}.{what}
def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")
{where}.{what} = full
"""
ROOM = "{where}.{what} = {name}"
WRITES = {
    "await lab.check('00.fetch')": ("os", "fsync"),
    "lab.hint('00.fetch')": ("os", "fsync"),
    "await lab.check('00.fetch') #": ("os", "mkdir"),
    "await lab.use('00.fetch')": ("os", "mkdir"),
    "%%myapp app/settings.py\nvalue = 1": ("os", "fsync"),
    "await start('05')": ("os", "fsync"),
    "await lab.load('app.settings')": ("pathlib.Path", "write_text"),
    "lab.set_aside('app/settings.py')": ("os", "fsync"),
}
"""What writes, and the call by which it learns that no room is left."""


@pytest.mark.parametrize("code", WRITES)
def test_a_full_disk_is_a_sentence_wherever_a_notebook_writes(cell: Kernel, code: str) -> None:
    (where, what), name = WRITES[code], "room"
    cell.run(FETCH)
    if "%%myapp" not in code:
        cell.run("%%myapp app/settings.py\nvalue = 2")
    cell.run(FULL.format(where=where, what=what, name=name))
    shown = cell.run(code)
    cell.run(ROOM.format(where=where, what=what, name=name))
    assert shown.message == "The disk is full. Make room (1 GB is enough), then do it again: " + (
        "nothing was lost."
    )
    assert not cell.run(START).error
    assert not cell.run(code).error, "as soon as there is room"


def test_a_full_disk_that_the_learners_own_line_met_shows_the_line(cell: Kernel) -> None:
    shown = cell.run("with open('/dev/full', 'w', buffering=1) as file:\n    print('x', file=file)")
    assert "line 2:      print" in shown or "line 1" in shown
    assert "The disk is full." in shown


def test_a_killed_kernel_takes_its_check_server_along(work: Path) -> None:
    found = f'await lab.observer.value("{CHECK_DATABASES}")'
    with kernel(work) as first:
        first.run(START)
        others = first.run(found).data  # of other workbooks on this server
        first.run(FETCH)
        first.run("await lab.check('00.fetch')")
        helpers = psutil.Process(first.pid).children(recursive=True)
        servers = [p for p in helpers if "workbook.forkserver" in p.cmdline()]
        assert servers
        before = first.run(found).data
        os.kill(first.pid, signal.SIGKILL)
        _gone(lambda: not any(p.is_running() for p in servers))
        first.close()
    with kernel(work) as second:
        assert not second.run(START).error
        after = second.run(found).data
        known, had, has = [set(each[0].strip("'").split()) for each in (others, before, after)]
        assert any("_check_" in each for each in had - known)
        assert not (had - known) & has, "the killed kernel's spare database is removed"


def test_start_twice_is_start_once(cell: Kernel) -> None:
    cell.run("import asyncpg\nold = await asyncpg.connect(lab.url)")
    cell.run("await old.execute('DELETE FROM incident')")
    again = cell.run(START)
    assert not again.error
    assert "Database nightwatch_00 is fresh." in again
    assert cell.run("await lab.observer.count('incident')").data == ["8"]


def test_a_notebook_that_does_not_exist_gets_a_sentence(cell: Kernel) -> None:
    shown = cell.run("await start('99')")
    there = ", ".join(notebook.number for notebook in material.notebooks())
    assert shown.message == f"There is no notebook '99'. There are: {there}."
    assert cell.run("await lab.observer.count('incident')").data == ["8"], "the open lab works on"


def test_an_exercise_that_does_not_exist_gets_a_sentence(cell: Kernel) -> None:
    shown = cell.run("await lab.check('00.fech')")
    assert shown.message.startswith("There is no exercise '00.fech'. There are: 00.fetch,")


def test_a_check_before_its_cell_says_what_to_run(cell: Kernel) -> None:
    shown = cell.run("await lab.check('00.fetch')")
    assert "NOT ATTEMPTED" in shown
    assert "Run the cell that defines open_incidents, then check again." in shown
    shown = cell.run("await lab.check('01.get_db')")
    assert "Run the cell that writes myapp/app/database.py, then check again." in shown


def test_a_closed_lab_says_how_to_go_on(cell: Kernel) -> None:
    assert "Nothing is left open" in cell.run("await lab.close()")
    assert "This lab is closed. Run the start cell" in cell.run("await lab.check('00.fetch')")
    assert not cell.run(START).error


def test_close_names_what_is_still_open(cell: Kernel) -> None:
    cell.run("import asyncpg\nleft = await asyncpg.connect(lab.url)\nawait left.execute('BEGIN')")
    shown = cell.run("await lab.close()")
    assert "Something is still open." in shown
    assert "idle in transaction" in shown
    cell.run("await left.close()")
    assert "Nothing is left open" in cell.run("await lab.close()")


def test_the_solution_opens_after_an_attempt_and_hints_go_three_levels(cell: Kernel) -> None:
    assert "after your first attempt" in cell.run("lab.solution('00.fetch')")
    levels = [cell.run("lab.hint('00.fetch')").data[0].splitlines()[0] for _ in range(4)]
    assert levels == [
        "Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3 (the last one)", "Hint 3 of 3 (the last one)",
    ]  # fmt: skip
    assert "Hint 2 of 3" in cell.run("lab.hint('00.fetch', 2)")
    cell.run("async def open_incidents(url):\n    return []")
    assert "NOT YET" in cell.run("await lab.check('00.fetch')")
    assert "ORDER BY opened_at DESC" in cell.run("lab.solution('00.fetch')")
    assert "open when yours is right" in cell.run("lab.others('00.fetch')")
    cell.run(FETCH)
    assert "RIGHT" in cell.run("await lab.check('00.fetch')")
    others = cell.run("lab.others('00.fetch')").data[0]
    right = right_answers(material.exercise("00.fetch"))
    assert [each for each in right if f"{each.sentence}\n{each.text}" not in others] == []
    assert others.count("Another right answer to 00.fetch: ") == len(right) > 0


def test_trying_an_answer_in_its_own_cell_is_no_mistake(cell: Kernel) -> None:
    tried = FETCH + "\n%config InlineBackend.rc = {}\ntitles = await open_incidents(lab.url)\n"
    assert not cell.run(tried + "print(titles)\nawait open_incidents(lab.url)").error
    assert "RIGHT" in cell.run("await lab.check('00.fetch')")
    assert not cell.run("%%time\n" + FETCH).error
    assert "RIGHT" in cell.run("await lab.check('00.fetch')")


def test_an_answer_with_another_signature_is_told_so(cell: Kernel) -> None:
    cell.run("async def open_incidents():\n    return []")
    shown = cell.run("await lab.check('00.fetch')")
    assert "NOT YET" in shown
    assert "takes 0 positional arguments but 1 was given" in shown


def test_a_mended_cell_takes_its_earlier_mistakes_out_of_the_file(cell: Kernel) -> None:
    database = cell.work / "myapp" / "app" / "database.py"
    parts = material.exercise("01.factory").solution.partition("session_factory =")
    wrong = parts[0].replace("import MetaData", "import MetaDatta") + "print('here')\n"
    cell.run("lab = await start('01')")
    cell.run("%%myapp app/database.py\n" + wrong + "session_factory = None\n")
    assert "print('here')" in database.read_text()
    cell.run("%%myapp app/database.py\n" + "".join(parts))
    assert "print('here')" not in database.read_text()
    assert "MetaDatta" not in database.read_text()
    shown = cell.run("%%myapp app/database.py\nawait engine.dispose()")
    assert "'await' outside function" in shown
    assert "await" not in database.read_text()


def test_a_module_that_cannot_be_imported_does_not_stop_the_notebook(cell: Kernel) -> None:
    cell.run("lab = await start('01')")
    cell.run("%%myapp app/settings.py\n" + material.notebook("01").files["app/settings.py"])
    cell.run("%%myapp app/database.py\nimport no_such_package\n\nengine = no_such_package.engine")
    shown = cell.run("database = await lab.load('app.database')\nprint(database.session_factory)")
    assert "the reference version, because importing yours raised ModuleNotFoundError" in shown
    assert "async_sessionmaker" in shown
    cell.run("await database.engine.dispose()")


def test_settings_for_other_servers_do_not_bend_ours(work: Path) -> None:
    with kernel(work, PGSSLMODE="require", PGTARGETSESSIONATTRS="standby") as bent:
        assert not bent.run(START).error
        bent.run(FETCH)
        assert "RIGHT" in bent.run("await lab.check('00.fetch')")


def test_explain_finds_the_root_cause_and_the_entry(cell: Kernel) -> None:
    assert "No cell has failed" in cell.run(
        "import sys; sys.last_exc = sys.last_value = None; lab.explain()"
    )
    failed = cell.run("import asyncpg\nawait asyncpg.connect(lab.url, password='no')")
    assert "lab.explain() says what this means." in failed
    shown = cell.run("lab.explain()")
    assert "InvalidPasswordError" in shown
    assert re.search(r"Your line is In\[\d+\], line 2:  await asyncpg.connect", str(shown))
    assert "SQLSTATE 28P01" in shown
    assert "You meet it in 00_first_query.ipynb." in shown
    failed = cell.run("number = 1\nraise LookupError('nothing')")
    assert "lab.explain()" not in failed
    shown = cell.run("lab.explain()")
    assert "The dictionary has no entry for it." in shown
    assert re.search(r"Your line is In\[\d+\], line 2:  raise LookupError", str(shown))
    unknown = "SELECT substring('abc' FROM 1 FOR -1)"  # no entry is about it
    failed = cell.run(f'c = await asyncpg.connect(lab.url)\nawait c.execute("{unknown}")')
    assert "lab.explain() says what this means." in failed
    shown = cell.run("lab.explain()")
    assert "SQLSTATE 22011" in shown
    assert "`substring` got a negative length" in shown


NAIVE = """
import os, sqlalchemy as sa
from datetime import datetime, UTC
from sqlalchemy.ext.asyncio import create_async_engine
engine = create_async_engine(os.environ["DATABASE_URL"])
try:
    async with engine.begin() as c:
        await c.execute(sa.text("SELECT CAST(:at AS timestamp)"), {"at": datetime.now(UTC)})
finally:
    await engine.dispose()
"""


def test_explain_sees_what_the_driver_said_under_sqlalchemy(cell: Kernel) -> None:
    assert cell.run(NAIVE).error == "DBAPIError"
    shown = cell.run("lab.explain()")
    assert "Under it lies asyncpg's DataError" in shown
    assert "a moment with a zone for a column without one" in shown


HEAD = "async def open_incidents(url):\n"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("    while True: pass", "within 3 seconds; the check was stopped while this line ran"),
        ("    import asyncio; await asyncio.sleep(99)", "stopped while this line ran"),
        ("    exit()", "it called exit() and the process ended"),
        ("    import sys; sys.exit('done')", "it called exit('done') and the process ended"),
        ("    import os; os._exit(0)", "the process of your code ended before the check did"),
        ("    import os; os.kill(os.getpid(), 9)", "the process of your code ended before"),
        ("    return undefined_name", "it raised NameError: name 'undefined_name' is not defined"),
        ("    print('x' * 1_000_000); return []", "1,000,001 characters; keep what you need"),
        (
            "    import asyncpg\n"
            "    name = url.rpartition('/')[2]\n"
            "    c = await asyncpg.connect(url, database='postgres')\n"
            "    await c.execute(f'DROP DATABASE {name} WITH (FORCE)')",
            "permission denied to terminate process",
        ),
        (
            "    import asyncpg\n"
            "    c = await asyncpg.connect(url)\n"
            "    await c.execute('DROP TABLE incident')\n"
            "    await c.close(); return []",
            'something that the check looks at is gone: relation "incident" does not exist',
        ),
    ],
)
def test_an_answer_that_misbehaves_gets_a_sentence(cell: Kernel, body: str, sentence: str) -> None:
    cell.run(HEAD + body)
    for _ in range(3):  # a busy machine may leave it unjudged
        shown = cell.run("await lab.check('00.fetch')")
        if "CANNOT CHECK" not in shown:
            break
    assert "NOT YET" in shown, shown
    assert sentence in shown, shown
    cell.run(FETCH)
    assert "RIGHT" in cell.run("await lab.check('00.fetch')"), "the next check works as ever"


def test_a_file_that_does_not_parse_is_named_with_its_line_and_the_rest_goes_on(
    cell: Kernel,
) -> None:
    work = cell.work
    cell.run("lab = await start('01')")
    cell.run("%%myapp app/settings.py\n" + material.notebook("01").files["app/settings.py"])
    cell.run("%%myapp app/database.py\n" + material.notebook("01").files["app/database.py"])
    path = work / "myapp" / "app" / "database.py"
    path.write_text(path.read_text() + "\ndef broken(:\n")
    shown = cell.run("await lab.check('01.get_db')")
    assert "NOT YET" in shown
    lines = path.read_text().splitlines()
    assert f"app/database.py, line {len(lines)}: def broken(:" in shown
    loaded = cell.run("database = await lab.load('app.database')")
    assert "the reference version" in loaded
    assert "it does not parse" in loaded
    assert "def broken(:" in path.read_text(), "the learner's file is kept"


def test_a_cell_that_does_not_parse_writes_nothing(cell: Kernel) -> None:
    work = cell.work
    cell.run("%%myapp app/settings.py\nvalue = 1")
    shown = cell.run("%%myapp app/settings.py\nvalue = = 2")
    assert "Line 2 of this cell does not parse" in shown
    assert "Nothing was written" in shown
    assert (work / "myapp" / "app" / "settings.py").read_text() == "value = 1\n"
    assert "Name a file inside myapp/" in cell.run("%%myapp ../escape.py\nvalue = 1")
    file = "services:\n  db:\n    image: x\n"
    cell.run(f"%%myapp docker-compose.yml\n{file}")
    shown = cell.run(f"%%myapp docker-compose.yml\n{file}   restart: always\n")
    assert "Line 5 of this cell does not parse: this line is indented like none of" in shown
    assert (work / "myapp" / "docker-compose.yml").read_text() == file


def test_a_cell_that_replaces_an_edited_file_keeps_it_aside(cell: Kernel) -> None:
    work = cell.work
    cell.run("%%myapp app/settings.py\nvalue = 1")
    path = work / "myapp" / "app" / "settings.py"
    path.write_text("value = 'mine'\nother = 3\n")
    cell.run("%%myapp app/settings.py\nvalue = 2")
    assert path.read_text() == "value = 2\nother = 3\n"
    cell.run("from workbook import workspace\nworkspace.undo()")
    assert path.read_text() == "value = 'mine'\nother = 3\n"


def test_two_notebooks_at_once_keep_apart(cell: Kernel) -> None:
    with kernel(cell.work) as other:
        assert not other.run("from workbook import start\nlab = await start('01')").error
        other.run(FETCH)
        cell.run(FETCH)
        assert "RIGHT" in other.run("await lab.check('00.fetch')")
        assert "RIGHT" in cell.run("await lab.check('00.fetch')")
        assert other.run("await lab.observer.count('incident')").data == ["0"]
        assert cell.run("await lab.observer.count('incident')").data == ["8"]


def test_two_kernels_on_one_notebook_are_told_who_took_the_database(cell: Kernel) -> None:
    cell.run("import asyncpg\nown = await asyncpg.connect(lab.url)")
    cell.run(FETCH)
    cell.run("await lab.observer.count('incident')")
    with kernel(cell.work) as other:
        assert not other.run(START).error
        words = f"Another kernel (process {other.pid}) has started this notebook at"
        assert words in cell.run("await own.fetchval('SELECT 1')")
        assert words in cell.run("await lab.saw()")
        assert words in cell.run("await lab.empty()")
        assert "RIGHT" in cell.run("await lab.check('00.fetch')")
        cell.run("await lab.observer.count('incident')")  # its observer comes back
        assert "Nothing is left open" in other.run("await lab.close()")
        assert not other.run(START).error
        closed = cell.run("await lab.close()")
        assert not closed.error
        assert words in closed
        assert not cell.run(START).error, "the start cell takes it back"
        words = f"Another kernel (process {cell.pid}) has started this notebook at"
        assert words in other.run("await lab.saw()")
        assert cell.run("await lab.observer.count('incident')").data == ["8"]


def test_two_checkouts_at_once_have_a_server_each(
    cell: Kernel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with sandbox.work() as own:
        place = Path(own["WORKBOOK_WORK"])
        with kernel(place, WORKBOOK_CLUSTER=str(place / "cluster")) as other:
            assert not other.run(START).error
            assert _postmaster(other) != _postmaster(cell)
            other.run("from workbook import postgres; postgres.attach().stop()")
        assert cell.run("await lab.observer.count('incident')").data == ["8"]


def test_a_server_of_the_learners_own_serves_too(cell: Kernel) -> None:
    home = cell.run("print(lab._session.server.url('postgres', role='admin'))").text.strip()
    run_coroutine(lambda: _make_guest(home))
    url = re.sub("//.*@", "//guest:g@", home)
    with sandbox.work() as own:
        place = Path(own["WORKBOOK_WORK"])
        named = {"WORKBOOK_DATABASE_URL": url, "WORKBOOK_DATABASE_PREFIX": "nightwatch"}
        with kernel(place, **named) as refused:
            shown = refused.run(START)
            assert "belongs to another workbook, and is left alone." in shown
            assert "Set WORKBOOK_DATABASE_PREFIX" in shown
        with kernel(place, WORKBOOK_DATABASE_URL=url) as other:
            shown = other.run(START)
            assert "(url) is running." in shown
            assert re.search(r"Database nightwatch_[0-9a-f]{8}_00 is fresh\.", shown.text)
            other.run(FETCH)
            assert "RIGHT" in other.run("await lab.check('00.fetch')")
            assert "This server keeps its log to itself" in other.run("await lab.saw()")
            assert "Nothing is left open" in other.run("await lab.close()")


async def _make_guest(url: str) -> None:
    admin = await asyncpg.connect(url)
    await admin.execute("CREATE ROLE guest LOGIN CREATEDB PASSWORD 'g'")
    await admin.close()


def test_a_read_only_home_is_enough(work: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    with kernel(work, HOME=str(nowhere), IPYTHONDIR=str(work / ".workbook" / "ipython")) as cell:
        assert not cell.run(START).error
        cell.run(FETCH)
        assert "RIGHT" in cell.run("await lab.check('00.fetch')")
    assert not nowhere.exists()


def test_progress_is_kept_across_kernels(work: Path) -> None:
    with kernel(work) as first:
        first.run(START)
        first.run(FETCH)
        first.run("await lab.check('00.fetch')")
    kept = json.loads((work / ".workbook" / "progress.json").read_text())
    assert kept["00.fetch"]["verdict"] == "right"
    with kernel(work) as second:
        second.run(START)
        assert "Solved here: 1 of 3." in second.run("await lab.close()")


def _gone(condition: "object", seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.05)
