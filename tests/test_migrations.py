"""The reference app's own migrations, from an empty database, and where a notebook starts."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel import kernel

from workbook import material, postgres
from workbook import seeds as seeds_room
from workbook.authoring import sandbox, seeds
from workbook.base import paths
from workbook.base.urls import for_sqlalchemy
from workbook.postgres import databases
from workbook.seeds import seed

CONFTEST = """
import os

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


@pytest.fixture
def alembic_config():
    return {"file": "alembic.ini"}


@pytest.fixture
def alembic_engine():
    return create_async_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
"""


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[dict[str, str]]:
    with sandbox.server() as environment:
        yield environment


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the reference app."""
    return Path(shutil.copytree(paths.ROOT / "app_reference", tmp_path / "app reference"))


@pytest.fixture
def url() -> str:
    """An empty database."""
    running = postgres.attach()
    asyncio.run(databases.recreate(running, "migrations"))
    return for_sqlalchemy(running.url("migrations"))


def run(folder: Path, url: str, *command: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


def test_a_generated_revision_imports_what_it_names(app: Path, url: str) -> None:
    """With types of the dialect, which autogenerate imports by `${imports}` of the template."""
    run(app, url, "alembic", "upgrade", "head")
    models = app / "app" / "models.py"
    note = [
        "\n\nfrom sqlalchemy.dialects import postgresql\n",
        "class Note(Base):",
        '    __tablename__ = "note"',
        "    id: Mapped[int] = mapped_column(primary_key=True)",
        "    body: Mapped[dict[str, str]] = mapped_column(postgresql.JSONB)",
        "    tags: Mapped[list[str]] = mapped_column(postgresql.ARRAY(postgresql.TEXT))",
    ]
    models.write_text(models.read_text("utf-8") + "\n".join(note) + "\n", "utf-8")
    run(app, url, "alembic", "revision", "--autogenerate", "-m", "notes")
    made = next((app / "alembic" / "versions").glob("*notes*")).read_text("utf-8")
    assert "from sqlalchemy.dialects import postgresql\n\nrevision" in made
    run(app, url, "alembic", "upgrade", "head")
    assert "No new upgrade operations detected." in run(app, url, "alembic", "check")


def test_a_generated_revision_without_types_of_the_dialect_has_no_gap(app: Path, url: str) -> None:
    run(app, url, "alembic", "revision", "-m", "nothing")
    made = next((app / "alembic" / "versions").glob("*nothing*")).read_text("utf-8")
    assert "from alembic import op\n\nrevision = " in made


def test_up_down_and_up_again_leave_nothing_to_do(app: Path, url: str) -> None:
    run(app, url, "alembic", "upgrade", "head")
    run(app, url, "alembic", "downgrade", "base")
    run(app, url, "alembic", "upgrade", "head")
    assert "No new upgrade operations detected." in run(app, url, "alembic", "check")
    assert len(run(app, url, "alembic", "heads").splitlines()) == 1


PLUGIN = "pytest-alembic==0.13.1"
"""In no environment of a learner: with pytest 9 it breaks the run of a folder `tests/`."""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-alembic, for the runs of this test only."""
    where = tmp_path / "plugin"
    uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--no-deps", "--target", str(where)]
    done = subprocess.run([*uv, PLUGIN], capture_output=True, text=True, timeout=120)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"{PLUGIN} could not be installed: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("PYTHONPATH", str(where))


def test_pytest_alembic_finds_nothing_wrong(plugin: None, app: Path, url: str) -> None:
    (app / "conftest.py").write_text(CONFTEST, "utf-8")
    (app / "test_alembic.py").write_text("from pytest_alembic.tests import *\n", "utf-8")
    assert "4 passed" in run(app, url, "pytest", "-q", "-p", "no:cacheprovider", "test_alembic.py")


def test_a_seed_that_was_not_made_again_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("08", material.notebooks()[-1].number):
        assert seeds.current(number)
    monkeypatch.setattr(material, "files_before", lambda n: {"app/models.py": f"# of {n}\n"})
    assert not seeds.current("08")


def test_notebooks_that_start_alike_share_a_seed() -> None:
    assert seed("08") == seed("09") != seed("04")
    assert seed("05") == seed("06") == seed("07") != seed("08")
    assert not (paths.ROOT / "workbook" / "seeds" / "09.sql").exists()
    assert seed("01").sql == ""


def test_what_a_seed_holds_stands_in_no_later_one() -> None:
    held = [statement for path in SEEDS for statement in _own(path)]
    assert len(held) > 30 and len(held) == len(set(held))
    assert seed("08").sql == databases.STATEMENT_SEPARATOR.join(held)


SEEDS = [paths.ROOT / "workbook" / "seeds" / f"{number}.sql" for number in ("04", "05", "08")]


def _own(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith(("-- Made by", "-- Begins with")))
    return body.strip().split(databases.STATEMENT_SEPARATOR)


@pytest.fixture
def copied_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = Path(shutil.copytree(seeds_room.FOLDER, tmp_path / "workbook" / "seeds"))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(seeds_room, "FOLDER", copied)
    return copied


def test_what_changes_in_one_seed_changes_those_that_begin_with_it(copied_seeds: Path) -> None:
    before = {number: seed(number).name for number in ("03", "04", "07", "10")}
    path = copied_seeds / "05.sql"
    path.write_text(path.read_text("utf-8") + "-- next\nSELECT 1\n", "utf-8")
    changed = {number for number, name in before.items() if seed(number).name != name}
    assert changed == {"07", "10"}
    assert [number for number in ALL if not seeds.current(number)] == AFTER


def test_a_seed_whose_beginning_is_missing_is_not_current(copied_seeds: Path) -> None:
    (copied_seeds / "05.sql").unlink()
    assert [number for number in ALL if not seeds.current(number)] == AFTER


ALL = [each.number for each in material.notebooks()]
AFTER = ["05", "06", "07", "08", "11", "12", "13", "14"]
"""The notebooks with a seed that begins with the one of 05."""


STARTED = "from workbook import start\nlab = await start('04')"
LOOK = """
tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
print(await lab.observer.value(tables), await lab.observer.value("SELECT * FROM alembic_version"))
print(await lab.observer.count("incident"), await lab.observer.count("user_account"))
"""


COUNT = """
import sys
from collections import Counter

counted, before = Counter(), set(sys.modules)
sys.addaudithook(lambda event, _: counted.update([event]))
"""
COSTS = """
print(counted["socket.connect"], counted["subprocess.Popen"] + counted["os.fork"])
print(*(set(sys.modules) - before) & {"alembic.command", "app.models", "pytest", "mypy"})
"""


def test_a_notebook_that_is_started_first_has_files_schema_and_rows_by_copying_them() -> None:
    """What would cost is a process, a run of the migrations, and a connection too many."""
    with sandbox.work() as own, kernel(Path(own["WORKBOOK_WORK"])) as shell:
        shell.run("import workbook.lab.lab")
        shell.run(COUNT)
        said = shell.run(STARTED).text
        connections, processes, *loaded = shell.run(COSTS).text.split()
        assert "rebuilt alembic.ini" in said
        assert shell.run(LOOK).text.split() == ["4", "0005", "240", "24"]
        assert Path(own["WORKBOOK_WORK"], "myapp/alembic/versions/0005_merge.py").exists()
    assert int(connections) <= 7
    assert (processes, loaded) == ("0", [])
