"""`wb test`: prove what the material promises, part by part, and say what was compared."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console

from workbook.authoring import quick_files
from workbook.base import paths, programs, settings
from workbook.proof import run_twice, warm
from workbook.proof.container_proof import ContainerProof

TWICE = paths.ROOT / "artefacts" / "twice"
ANSWERS = "test_answers.py"
LONGEST = (
    "test_compose_top.py",
    "test_more_errors.py",
    "test_faults.py",
    "test_drift.py",
    "test_stack.py",
    "test_reference_app.py",
    "test_judge.py",
    "test_launcher.py",
    "test_slow_reader.py",
    "test_kit.py",
    "test_install_kept.py",
    "test_cli.py",
    "test_postgres_sharing.py",
    "test_postgres_embedded.py",
    "test_stack_database.py",
)
"""The files that take longest, in an order in which they begin first."""
TARGETS = "workbook", "tests", "benchmarks", "deploy", "docker", "notebooks", "solutions"


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
    with contextlib.closing(ContainerProof(_solutions(numbers))) as containers:
        alone, beside = _alone(numbers), _beside(numbers, containers)
        _prove(console, alone)
        containers.begin()
        _prove(console, beside)
    parts = alone + beside
    _summary(console, parts, numbers)
    return 0 if all(part.passed for part in parts) else 1


def _alone(numbers: list[str]) -> list[Part]:
    """Parts that use the engine themselves, or come before all others."""
    build = Part("build: what is made from the lessons is current", lambda: _build(numbers))
    whole = [
        Part("style: ruff, the type checker, and who imports whom", _style),
        Part("package: the tools themselves, faults, drift", _package),
    ]
    return [build] if numbers else [build, *whole]


def _beside(numbers: list[str], containers: ContainerProof) -> list[Part]:
    """Parts beside which the notebooks run in containers, and the end of that."""
    browser = Part("browser: a real JupyterLab", _browser, skipped=_no_browser())
    parts = [
        Part("notebooks: solved, unsolved, twice, every cell compared", lambda: _nbval(numbers)),
        Part("answers: wrong, right in another way, mutants", lambda: _answers(numbers)),
        Part(
            "containers: once more in an engine, begun earlier",
            containers.held,
            skipped=containers.missing(),
        ),
    ]
    return parts if numbers else [browser, *parts]


def _prove(console: Console, parts: list[Part]) -> None:
    for part in parts:
        console.print(f"\n[bold]── {part.name}[/bold]")
        began = time.monotonic()
        part.passed = part.skipped != "" or part.prove()
        part.seconds = time.monotonic() - began


def _build(numbers: list[str]) -> bool:
    return _call("workbook", "build", *numbers, "--check")


def _style() -> bool:
    app = str(paths.ROOT / "app_reference")
    return all([
        _call("ruff", "check", "--quiet", *TARGETS, app),
        _call("ruff", "format", "--quiet", "--check", *TARGETS, app),
        _run(f"{programs.folder()}/lint-imports", "--no-logo", "--no-cache"),
        _call("mypy", "--num-workers=auto", "workbook"),
        _call("mypy", f"--config-file={app}/pyproject.toml", app),
    ])  # fmt: skip


def _package() -> bool:
    """One process a file, for its fixtures are dear; the files that take longest come first."""
    files = {path.name for path in (paths.ROOT / "tests").glob("test_*.py")} - {ANSWERS, *LONGEST}
    ordered = [f"tests/{name}" for name in (*LONGEST, *sorted(files))]
    return _pytest(*ordered, "-n", "4", "--dist=loadfile", "--no-loadscope-reorder")


def _answers(numbers: list[str]) -> bool:
    """Five at a time on two cores: some of what is wrong must be waited for."""
    chosen = ["-k", " or ".join(f"{each}." for each in numbers)] if numbers else []
    with warm.fork_servers({}) as servers:
        return _pytest(f"tests/{ANSWERS}", "-n", "5", "--dist=worksteal", *chosen, **servers)


def _no_browser() -> str:
    """Why the browser's part is left out, or an empty string."""
    if settings.read().browser or importlib.util.find_spec("playwright"):
        return ""
    return "playwright is not installed; tests/browser/requirements.txt"


def _browser() -> bool:
    return _pytest("tests/browser")


def _nbval(numbers: list[str]) -> bool:
    """Every notebook, with plain processes where an engine could run containers."""
    shutil.rmtree(TWICE, ignore_errors=True)
    for path in _solutions(numbers):
        run_twice.write(path, TWICE / path.name)
    found = map(str, _notebooks(numbers))
    return _pytest("--nbval", *found, "-n", "4", "--dist=loadfile", WORKBOOK_DOCKER="off")


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]


def _solutions(numbers: list[str]) -> list[Path]:
    return _of(numbers, paths.ROOT / "solutions")


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
    return _run(sys.executable, "-m", module, *arguments, **environment)


def _run(*command: str, **environment: str) -> bool:
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
