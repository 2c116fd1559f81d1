"""`wb test`: prove what the material promises, part by part, and say what was compared."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console

from workbook import paths
from workbook.authoring import quick_files
from workbook.postgres import docker

TWICE = paths.ROOT / "artefacts" / "twice"
CONTAINERS = 1200.0
"""Seconds that the notebooks which use containers may take in them; each cell has its limit."""
IN_CONTAINERS = ("container=True", "lab.stack(")
"""What a cell says that runs something in a container, where an engine answers."""
ANSWERS = "test_answers.py"
LONGEST = "test_compose_top.py", "test_drift.py", "test_launcher.py", "test_faults.py"
TARGETS = "workbook", "tests", "benchmarks", "docker", "notebooks", "solutions"


@dataclass
class Part:
    """One part of the proof: what it shows, and how it is shown."""

    name: str
    prove: Callable[[], bool]
    seconds: float = 0
    passed: bool = False
    skipped: str = ""


def run(numbers: list[str]) -> int:
    """Run every part, or the share of these notebooks; 0 when all hold.

    What a shell runs with `&` ignores Ctrl-C, and so does what that starts; tests interrupt things.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    quick_files.use()
    console = Console(highlight=False)
    parts = _parts(numbers)
    for part in parts:
        console.print(f"\n[bold]── {part.name}[/bold]")
        began = time.monotonic()
        part.passed = part.skipped != "" or part.prove()
        part.seconds = time.monotonic() - began
    _summary(console, parts, numbers)
    return 0 if all(part.passed for part in parts) else 1


def _parts(numbers: list[str]) -> list[Part]:
    alone = [
        Part("style: ruff and the type checker, workbook and app", _style),
        Part("package: the tools themselves, faults, drift", _package),
    ]
    return [
        Part("build: what is made from the lessons is current", lambda: _build(numbers)),
        *([] if numbers else alone),
        Part("notebooks: solved, unsolved, twice, every cell compared", lambda: _nbval(numbers)),
        Part("answers: wrong, right in another way, mutants", lambda: _answers(numbers)),
        *([] if numbers else [Part("browser: a real JupyterLab", _browser, skipped=_no_browser())]),
    ]


def _build(numbers: list[str]) -> bool:
    return _call("workbook", "build", *numbers, "--check")


def _style() -> bool:
    app = str(paths.ROOT / "app_reference")
    return all([
        _call("ruff", "check", "--quiet", *TARGETS, app),
        _call("ruff", "format", "--quiet", "--check", *TARGETS, app),
        _call("mypy", "workbook"),
        _call("mypy", "--explicit-package-bases", app, MYPYPATH=app),
    ])  # fmt: skip


def _package() -> bool:
    """One process a file, for its fixtures are dear; the files that take longest come first."""
    files = (path for path in (paths.ROOT / "tests").glob("test_*.py") if path.name != ANSWERS)
    ordered = sorted(files, key=lambda path: (path.name not in LONGEST, path.name))
    return _pytest(*map(str, ordered), "-n", "4", "--dist=loadfile", "--no-loadscope-reorder")


def _answers(numbers: list[str]) -> bool:
    chosen = ["-k", " or ".join(f"{each}." for each in numbers)] if numbers else []
    return _pytest(f"tests/{ANSWERS}", "-n", "4", "--dist=worksteal", *chosen)


def _no_browser() -> str:
    """Why the browser's part is left out, or an empty string."""
    if os.environ.get("WORKBOOK_BROWSER") == "required" or importlib.util.find_spec("playwright"):
        return ""
    return "playwright is not installed; tests/browser/requirements.txt"


def _browser() -> bool:
    return _pytest("tests/browser")


def _nbval(numbers: list[str]) -> bool:
    from workbook.authoring import twice

    solutions = _of(numbers, paths.ROOT / "solutions")
    shutil.rmtree(TWICE, ignore_errors=True)
    for path in solutions:
        twice.write(path, TWICE / path.name)
    use = [path for path in solutions if _uses(path)]
    if not (use and docker.engine()):
        print("No container was asked for." if docker.engine() else "No Docker engine answers.")
        return _without_containers(numbers)
    with _in_containers(use) as held:
        rest = _without_containers(numbers)
        return held() and rest


def _without_containers(numbers: list[str]) -> bool:
    """Every notebook, with plain processes where an engine could run containers."""
    found = map(str, _notebooks(numbers))
    return _pytest("--nbval", *found, "-n", "4", "--dist=loadfile", WORKBOOK_DOCKER="off")


@contextlib.contextmanager
def _in_containers(solutions: list[Path]) -> Iterator[Callable[[], bool]]:
    """Run these once more, in containers and beside what else runs; a call says if that held.

    Half of that time nothing here is busy: the engine starts and stops things. A cell may take
    longer than by itself.
    """
    with tempfile.TemporaryDirectory(prefix="nightwatch-docker-") as folder:
        said, log = Path(folder) / "said", Path(folder) / "ran"
        command = [sys.executable, "-m", "pytest", "-q", "--nbval", *map(str, solutions)]
        with said.open("wb") as out:
            run = subprocess.Popen(
                [*command, "--durations=5", "-n", "0", "--nbval-cell-timeout=150"],
                cwd=paths.ROOT,
                env=os.environ | {"WORKBOOK_DOCKER_LOG": str(log)},
                stdout=out,
                stderr=out,
            )

        def held() -> bool:
            code = _ended(run)
            print(f"In containers:\n{said.read_text('utf-8', 'replace')}")
            return code == 0 and _docker_ran(solutions, log)

        try:
            yield held
        finally:
            run.send_signal(signal.SIGINT)  # pytest then takes down what it started
            _ended(run)


def _ended(run: "subprocess.Popen[bytes]") -> int:
    """The exit code of a process, which is not waited for without end."""
    try:
        return run.wait(CONTAINERS)
    except subprocess.TimeoutExpired:
        run.kill()
        return run.wait()


def _uses(path: Path) -> int:
    """How many containers, or stacks of them, a notebook asks for."""
    return sum(cell.source.count(words) for cell in _code(path) for words in IN_CONTAINERS)


def _docker_ran(notebooks: list[Path], log: Path) -> bool:
    """Whether every cell that can use Docker did."""
    wanted = sum(map(_uses, notebooks))
    ran = len(log.read_text("utf-8").splitlines()) if log.exists() else 0
    print(f"Docker answers: {ran} of {wanted} uses really ran in containers.")
    return ran == wanted


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]


def _of(numbers: list[str], folder: Path) -> list[Path]:
    """The notebooks in this folder that have one of these numbers, or all."""
    chosen = tuple(f"{each}_" for each in numbers) or ("",)
    return [path for path in sorted(folder.glob("*.ipynb")) if path.name.startswith(chosen)]


def _notebooks(numbers: list[str]) -> list[Path]:
    """All of each solution, and then all of it again in the same kernel; and the unsolved ones.

    The last notebooks take longest, so they come first.
    """
    folders = [TWICE, paths.ROOT / "tests" / "unsolved"]
    return [path for folder in folders for path in reversed(_of(numbers, folder))]


def _pytest(*arguments: str, **environment: str) -> bool:
    return _call("pytest", "-q", "--maxfail=25", *arguments, **environment)


def _call(module: str, *arguments: str, **environment: str) -> bool:
    """Run a module of our own Python in the checkout; whether it ended well."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=paths.ROOT, env=os.environ | environment).returncode == 0


def _summary(console: Console, parts: list[Part], numbers: list[str]) -> None:
    whole = sum(part.seconds for part in parts)
    console.print("\n[bold]── summary[/bold]")
    for part in parts:
        share = part.seconds / whole
        word = "skipped" if part.skipped else "held   " if part.passed else "FAILED "
        why = f" ({part.skipped})" if part.skipped else ""
        console.print(f"{word} {part.seconds:6.1f} s {share:5.0%}  {part.name}{why}")
    for line in _cells(numbers):
        console.print(line)
    passed = sum(part.passed and not part.skipped for part in parts)
    skipped = sum(bool(part.skipped) for part in parts)
    failed = len(parts) - passed - skipped
    console.print(f"{passed} passed, {failed} failed, {skipped} skipped")


def _cells(numbers: list[str]) -> list[str]:
    """How many code cells were compared with what is stored, and which were not, and why."""
    lines = []
    for folder in ("solutions", "tests/unsolved"):
        for path in _of(numbers, paths.ROOT / folder):
            code = _code(path)
            loose = [c for c in code if _loose(c)]
            lines.append(
                f"{folder}/{path.name}: {len(code) - len(loose)} of {len(code)} cells compared"
            )
            lines += [f"  not compared: {c.id}: {_reason(c)}" for c in loose]
    return lines


def _loose(cell: nbformat.NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    return "nbval-ignore-output" in tags or "nbval-skip" in tags or "NBVAL_" in cell.source


def _reason(cell: nbformat.NotebookNode) -> str:
    return str(cell.metadata.get("nightwatch", {}).get("reason", "no reason given"))
