"""The kernel's end of the check server: start it, ask it, see that it goes."""

import json
import os
import selectors
import shlex
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import Any

from workbook.base import paths
from workbook.checks.child import Request

START_SECONDS = 60


def _command() -> list[str]:
    """What serves checks: a new Python, or what validation has at hand."""
    given = os.environ.get("WORKBOOK_CHECK_SERVER", "")
    return shlex.split(given) or [sys.executable, "-m", "workbook.checks.server"]


class CheckServer:
    """A warm process that runs checks one after the other; it ends with its owner."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def start(self, number: str) -> None:
        """Start the server, to be ready for this notebook, without waiting until it is warm."""
        with self._lock:
            self._start(number)

    def run(self, request: Request) -> dict[str, Any]:
        """Run one check: bounded by the request's seconds, and by a minute for a cold start."""
        with self._lock:
            process = self._start(request.exercise[:2])
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps(asdict(request)) + "\n")
                process.stdin.flush()
                answer: dict[str, Any] = json.loads(
                    self._line(process, request.seconds + START_SECONDS)
                )
                return answer
            except (BrokenPipeError, EOFError, TimeoutError) as error:
                self._stop()
                return {"outcome": "broken", "lines": {"Traceback": f"check server: {error!r}"}}

    def stop(self) -> None:
        """End the server; a check that is running ends with it."""
        with self._lock:
            self._stop()

    def _start(self, number: str) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [*_command(), number],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
                cwd="/",
                env=os.environ | {"PYTHONPATH": str(paths.ROOT)},
            )
        return self._process

    def _line(self, process: subprocess.Popen[str], seconds: float) -> str:
        assert process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            if not waiting.select(seconds):
                raise TimeoutError(f"no answer within {seconds:.0f} s")
        line = process.stdout.readline()
        if not line:
            raise EOFError("it ended")
        return line

    def _stop(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None
