"""What notebooks run in containers, proved once more with an engine, beside other proofs."""

import ast
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from workbook.base import paths
from workbook.postgres import docker
from workbook.proof import demos

END_TIMEOUT = 900.0
"""Seconds that the notebooks may still take once they are waited for; each cell has its limit."""
CELL_SECONDS = 150
"""A cell may take longer than by itself: what runs beside it keeps the processors busy."""

Start = Callable[[list[Path], Path, Path], "subprocess.Popen[bytes]"]
"""What runs notebooks: it writes its output to one file, and its containers note themselves in
another."""


def start_pytest(notebooks: list[Path], output: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Compare every cell of these notebooks, one after the other."""
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", *map(str, notebooks)]
    with output.open("wb") as out:
        return subprocess.Popen(
            [*command, "--durations=5", "-n", "0", f"--nbval-cell-timeout={CELL_SECONDS}"],
            cwd=paths.ROOT,
            env=os.environ | {"WORKBOOK_DOCKER_LOG": str(log)},
            stdout=out,
            stderr=out,
        )


class ContainerProof:
    """Runs solutions in containers; half of that time it waits for the engine, so begin early."""

    def __init__(
        self,
        solutions: list[Path],
        start: Start = start_pytest,
        has_engine: Callable[[], bool] = docker.engine,
    ) -> None:
        self._solutions = [each for each in solutions if uses(each) or shows(each)]
        self._start, self._has_engine = start, has_engine
        self._folder = tempfile.TemporaryDirectory(prefix="nightwatch-docker-")
        self._output, self._log = (Path(self._folder.name) / name for name in ("output", "ran"))
        self._run: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Let pytest take down what it started, where it has not ended."""
        if self._run is not None and self._run.poll() is None:
            self._run.send_signal(signal.SIGINT)
            exit_code(self._run)
        self._folder.cleanup()

    def missing(self) -> str:
        """Why there is nothing to run, or an empty string."""
        if not self._solutions:
            return "no cell of these uses one"
        return "" if self._has_engine() else "no Docker engine answers"

    def begin(self) -> None:
        """Start, unless something is missing."""
        if not self.missing():
            self._run = self._start(self._solutions, self._output, self._log)

    def held(self) -> bool:
        """Wait for the end, and print what it said; whether every use really was a container."""
        if self._run is None:
            print(f"It did not begin: {self.missing() or 'the engine was away for a while'}.")
            return False
        code = exit_code(self._run)
        print(self._output.read_text("utf-8", "replace"))
        return code == 0 and really_ran(self._solutions, self._log)


def exit_code(run: "subprocess.Popen[bytes]") -> int:
    """The exit code of a process, which is not waited for without end."""
    try:
        return run.wait(END_TIMEOUT)
    except subprocess.TimeoutExpired:
        run.kill()
        return run.wait()


def uses(path: Path) -> int:
    """How many containers, or stacks of them, a notebook asks for."""
    cells = nbformat.read(path, 4).cells
    return sum(_uses(cell.source) for cell in cells if cell.cell_type == "code")


def shows(path: Path) -> bool:
    """Whether the instructor's page of a notebook has something typed that needs an engine."""
    return any(demo.needs_docker for demo in demos.of_notebook(path.stem))


def _uses(source: str) -> int:
    """How many calls of a cell run something in a container, where an engine answers."""
    manager = TransformerManager()  # type: ignore[no-untyped-call, unused-ignore]
    tree = ast.parse(manager.transform_cell(source))
    return sum(isinstance(node, ast.Call) and _uses_container(node) for node in ast.walk(tree))


def _uses_container(call: ast.Call) -> bool:
    """Whether it is `lab.stack(…)`, or is told `container=`, unless that is the word False."""
    told = [word.value for word in call.keywords if word.arg == "container"]
    named = any(not (isinstance(each, ast.Constant) and each.value is False) for each in told)
    return named or ast.unparse(call.func) == "lab.stack"


def really_ran(notebooks: list[Path], log: Path) -> bool:
    """Whether every use of a container was one: each notes itself in this file."""
    wanted = sum(map(uses, notebooks))
    ran = len(log.read_text("utf-8").splitlines()) if log.exists() else 0
    print(f"Docker answers: {ran} of {wanted} uses really ran in containers.")
    return ran == wanted
