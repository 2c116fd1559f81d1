"""What notebooks run in containers, proved once more with an engine, beside other proofs."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from workbook.base import paths
from workbook.postgres import docker

PATIENCE = 900.0
"""Seconds that the notebooks may still take once they are waited for; each cell has its limit."""
CELL_SECONDS = 150
"""A cell may take longer than by itself: what runs beside it keeps the processors busy."""
USES = ("container=True", "lab.stack(")
"""What a cell says that runs something in a container, where an engine answers."""


class Contained:
    """Runs solutions in containers; half of that time it waits for the engine, so begin early."""

    def __init__(self, solutions: list[Path]) -> None:
        self._solutions = [path for path in solutions if uses(path)]
        self._folder = tempfile.TemporaryDirectory(prefix="nightwatch-docker-")
        self._said, self._log = (Path(self._folder.name) / name for name in ("said", "ran"))
        self._run: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Let pytest take down what it started, where it has not ended."""
        if self._run is not None and self._run.poll() is None:
            self._run.send_signal(signal.SIGINT)
            ended(self._run)
        self._folder.cleanup()

    def missing(self) -> str:
        """Why there is nothing to run, or an empty string."""
        if not self._solutions:
            return "no cell of these uses one"
        return "" if docker.engine() else "no Docker engine answers"

    def begin(self) -> None:
        """Start, unless something is missing."""
        if self.missing():
            return
        command = [sys.executable, "-m", "pytest", "-q", "--nbval", *map(str, self._solutions)]
        with self._said.open("wb") as out:
            self._run = subprocess.Popen(
                [*command, "--durations=5", "-n", "0", f"--nbval-cell-timeout={CELL_SECONDS}"],
                cwd=paths.ROOT,
                env=os.environ | {"WORKBOOK_DOCKER_LOG": str(self._log)},
                stdout=out,
                stderr=out,
            )

    def held(self) -> bool:
        """Wait for the end, and print what it said; whether every use really was a container."""
        if self._run is None:
            print(f"It did not begin: {self.missing() or 'the engine was away for a while'}.")
            return False
        code = ended(self._run)
        print(self._said.read_text("utf-8", "replace"))
        return code == 0 and really_ran(self._solutions, self._log)


def ended(run: "subprocess.Popen[bytes]") -> int:
    """The exit code of a process, which is not waited for without end."""
    try:
        return run.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        run.kill()
        return run.wait()


def uses(path: Path) -> int:
    """How many containers, or stacks of them, a notebook asks for."""
    code = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return sum(cell.source.count(words) for cell in code for words in USES)


def really_ran(notebooks: list[Path], log: Path) -> bool:
    """Whether every use of a container was one: each notes itself in this file."""
    wanted = sum(map(uses, notebooks))
    ran = len(log.read_text("utf-8").splitlines()) if log.exists() else 0
    print(f"Docker answers: {ran} of {wanted} uses really ran in containers.")
    return ran == wanted
