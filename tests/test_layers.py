"""The house keeps its order: who imports whom, how much a file holds, where a check stands."""

import ast
import importlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook import material
from workbook.base import paths

PACKAGE = paths.ROOT / "workbook"
FILES = sorted(PACKAGE.rglob("*.py"))
ONE_WAY = "rooms import one way, from the commands down to the ground"
NO_CIRCLE = "no circle, within a room or between rooms"
FOR_LEARNERS = "what a learner runs imports neither the proof nor what authors use"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, in which a line may be added."""
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    for path in FILES:
        copied = tmp_path / path.relative_to(paths.ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    return tmp_path / "workbook"


def broken(package: Path) -> set[str]:
    """The contracts that this copy breaks."""
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    ran = subprocess.run(lint, cwd=package.parent, capture_output=True, text=True, timeout=60)
    found = {each for each in (ONE_WAY, NO_CIRCLE, FOR_LEARNERS) if f"{each} BROKEN" in ran.stdout}
    assert (ran.returncode != 0) == bool(found), ran.stdout + ran.stderr
    return found


def test_the_package_keeps_its_contracts(package: Path) -> None:
    assert broken(package) == set()


@pytest.mark.parametrize(
    ("name", "line", "contract"),
    [
        ("lab/magics.py", "from workbook.proof import warm", ONE_WAY),
        ("lab/magics.py", "from workbook.authoring import run", FOR_LEARNERS),
        ("stack/state.py", "from workbook.checks import verdict", ONE_WAY),
        ("workspace/files.py", "from workbook.workspace import history", NO_CIRCLE),
        ("base/paths.py", "from workbook import postgres", NO_CIRCLE),
    ],
)
def test_an_import_the_wrong_way_breaks_a_contract(
    package: Path, name: str, line: str, contract: str
) -> None:
    with (package / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert contract in broken(package)


def test_the_package_has_few_doors() -> None:
    entries = [each.name for each in PACKAGE.iterdir() if each.name != "__pycache__"]
    assert len(entries) <= 23, sorted(entries)


def test_a_file_can_be_read_in_one_sitting() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > 250} == {}


BENCHMARKS = sorted((paths.ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_finds_what_it_imports_of_the_package(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    for node in (each for each in nodes if isinstance(each, ast.ImportFrom)):
        if node.module and node.module.partition(".")[0] == "workbook":
            module = importlib.import_module(node.module)
            for name in (alias.name for alias in node.names):
                if not hasattr(module, name):
                    importlib.import_module(f"{node.module}.{name}")


def test_every_exercise_has_a_checker_of_its_name() -> None:
    ids = [each.id.split(".") for notebook in material.notebooks() for each in notebook.exercises]
    wanted = {f"nb{number}/{name}.py" for number, name in ids}
    assert len(wanted) == len(ids) > 40
    assert {name for name in wanted if not (PACKAGE / "checks" / name).is_file()} == set()
