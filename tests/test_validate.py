"""`wb test` itself: what ran in containers is counted, and nothing is waited for without end."""

import contextlib
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbook.proof import container_proof
from workbook.proof.container_proof import ContainerProof

STACK = "async with lab.stack() as stack:\n    await stack.up()"


@pytest.fixture
def two_stacks(tmp_path: Path) -> Path:
    return written(tmp_path / "09_two.ipynb", STACK, STACK, "lab.close()")


def written(path: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(each) for each in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        (STACK, 1),
        ("async with lab.stack(\n    TEXT,\n) as stack:\n    pass", 1),
        ("async with (\n    lab\n    .stack(TEXT)\n) as stack:\n    pass", 1),
        ("async with lab.stack() as one, lab.stack() as other:\n    pass", 2),
        ('await lab.pytest("tests/", container=True)', 1),
        ('await lab.pytest("tests/",\n    container = True)', 1),
        ("own = True\nawait lab.pytest(container=own)", 1),
        ("await lab.pytest(container=False)", 0),
        ("# container=True, as lab.stack() has it", 0),
        ('print("lab.stack(container=True)")', 0),
        ("%%myapp tests/conftest.py\nrun(container=True)\n", 0),
        ("!docker ps\n%time lab.stacked()\nlab.stack()", 1),
    ],
)
def test_a_use_of_a_container_is_told_by_the_call_and_not_by_its_wording(
    source: str, uses: int, tmp_path: Path
) -> None:
    assert container_proof.uses(written(tmp_path / "09_one.ipynb", source)) == uses


@pytest.mark.parametrize(("noted", "held"), [(0, False), (1, False), (2, True), (3, False)])
def test_every_use_of_a_container_must_really_have_been_one(
    noted: int, held: bool, two_stacks: Path, tmp_path: Path
) -> None:
    log = tmp_path / "ran"
    if noted:
        log.write_text("a stack of the app\n" * noted, "utf-8")
    assert container_proof.really_ran([two_stacks], log) is held


def test_what_runs_in_containers_fails_where_it_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(container_proof, "END_TIMEOUT", 0.1)
    endless = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert container_proof.exit_code(endless) != 0
    assert endless.returncode is not None


@pytest.mark.parametrize(("code", "noted", "held"), [(0, 2, True), (1, 2, False), (0, 1, False)])
def test_a_red_run_or_a_use_that_was_none_does_not_hold(
    code: int, noted: int, held: bool, two_stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def start(notebooks: list[Path], output: Path, log: Path) -> "subprocess.Popen[bytes]":
        assert notebooks == [two_stacks]
        output.write_text("what pytest said", "utf-8")
        log.write_text("a stack of the app\n" * noted, "utf-8")
        return subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])

    proof = ContainerProof([two_stacks], start, has_engine=lambda: True)
    with contextlib.closing(proof) as containers:
        assert not containers.held(), "it has not begun"
        containers.begin()
        assert containers.held() is held
    assert "what pytest said" in capsys.readouterr().out


def test_without_an_engine_or_a_use_nothing_begins_and_it_says_why(
    two_stacks: Path, tmp_path: Path
) -> None:
    none = written(tmp_path / "01_none.ipynb", "lab.close()")
    for notebook, engine, why in (
        (two_stacks, False, "no Docker engine answers"),
        (none, True, "no cell of these uses one"),
    ):
        proof = ContainerProof([notebook], has_engine=lambda engine=engine: engine)
        with contextlib.closing(proof) as containers:
            assert containers.missing() == why
            containers.begin()
            assert not containers.held()
