"""Terminals in which the commands of a page are typed, and read; every wait has an end."""

import contextlib
import json
import os
import pty
import re
import secrets
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from workbook.base import paths, settings
from workbook.base.waiting import eventually_sync
from workbook.postgres.probe import free_port
from workbook.proof.transcripts import Step, difference, steps

ANSWER_SECONDS = 180.0
"""How long a command may take."""
WAIT_SECONDS = 0.5
"""How long a command that waits is watched."""
END_SECONDS = 10.0
DUMB = {"TERM": "dumb", "NO_COLOR": "1", "PY_COLORS": "0", "PAGER": "cat", "LC_ALL": "C.UTF-8",
        "COMPOSE_ANSI": "never"}  # fmt: skip
"""A terminal that shows texts and no colours."""
PAGES = ":8000/"
"""The port of the app on the pages; here it may be taken."""
COMPOSE = "docker compose "
COMPOSE_FILES = ("docker-compose.yml", "docker-compose.override.yml")
LEAVE = "\\q"
"""How psql is left."""
MARK = re.compile(r"-=\[\d+\]=-\r?\n?|\x1b\[[\d;?]*[A-Za-z]|\r(?=\n)")
"""What a window shows and nobody reads: our marks, and signs that move a cursor."""


class Window:
    """A shell in the checkout, and what is started in it."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start it; its programs take their output for a terminal, and show it at once."""
        self._screen, theirs = pty.openpty()
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=paths.ROOT,
            env=environment | DUMB,
            stdin=subprocess.PIPE,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._read, self._asked = "", 0
        self.port = environment["APP_PORT"]

    def type(self, text: str) -> None:
        """Type a line; behind it comes one that the shell and psql alike answer with a mark."""
        self._asked += 1
        self._write(f"{text}\n")
        if text == LEAVE:
            eventually_sync(lambda: not self._shell_runs(), timeout=END_SECONDS)
        self._write(f"\\echo {self._mark()}\n")

    def _write(self, text: str) -> None:
        assert self._shell.stdin
        self._shell.stdin.write(text.encode())
        self._shell.stdin.flush()

    def _shell_runs(self) -> bool:
        """Whether a program does; psql would read a line ahead that is for the shell."""
        return bool(psutil.Process(self._shell.pid).children())

    def shown(self, seconds: float) -> str | None:
        """What has come since it was last read, up to the last mark; None where that is not there.

        What a command has shown late, for which nobody has waited, stands before it.
        """
        end, mark = time.monotonic() + seconds, self._mark()
        while mark not in self._read:
            left = max(0.0, end - time.monotonic())
            if not left or not select.select([self._screen], [], [], left)[0]:
                return None
            self._read += os.read(self._screen, 65536).decode("utf-8", "replace")
        text, _, self._read = self._read.partition(mark)
        return MARK.sub("", text)

    def _mark(self) -> str:
        return f"-=[{self._asked}]=-"

    def close(self) -> None:
        """End the shell and all that it has started."""
        assert self._shell.stdin
        with contextlib.suppress(OSError):
            self._shell.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._shell.wait(END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait()
        os.close(self._screen)


@contextlib.contextmanager
def _other_image() -> Iterator[list[str]]:
    """A file for Compose where a setting names another PostgreSQL than the page; else none."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-demo-") as folder:
        changed = Path(folder) / "image.json"
        image = settings.read().pg_image
        changed.write_text(json.dumps({"services": {"db": {"image": image}}}), "utf-8")
        yield [str(changed)] if image else []


def _with_files(typed: str, work: Path, more: list[str]) -> str:
    """The line with the files that Compose reads by itself, and more; as it is where none come."""
    own = [each for each in COMPOSE_FILES if (work / "myapp" / each).exists()]
    named = "".join(f"--file {each} " for each in (*own, *more)) if more else ""
    return typed.replace(COMPOSE, COMPOSE + named)


def differences(block: str, work: Path, environment: dict[str, str]) -> list[str]:
    """Type a block in windows of its own: what is seen there and is not what the page says."""
    project = f"nightwatch-demo-{secrets.token_hex(4)}"
    own = {"COMPOSE_PROJECT_NAME": project, "APP_PORT": str(free_port())}
    with contextlib.ExitStack() as stack:
        more = stack.enter_context(_other_image())
        windows: dict[str, Window] = {}
        found: list[str] = []
        for step in steps(block):
            if step.window not in windows:
                windows[step.window] = Window(environment | own)
                stack.callback(windows[step.window].close)
            found += _tried(step, windows[step.window], work, more)
        return found


def _tried(step: Step, window: Window, work: Path, more: list[str]) -> Iterator[str]:
    """Type a step; `work/` is where the learner's files of this run are."""
    typed = step.typed.replace("work/", f"{work}/").replace(PAGES, f":{window.port}/")
    window.type(_with_files(typed, work, more))
    got = window.shown(WAIT_SECONDS if step.waits else ANSWER_SECONDS)
    if step.waits and got is not None:
        yield f"{step.typed}\nIt does not wait, and shows:\n{got}"
    elif not step.waits and got is None:
        yield f"{step.typed}\nIt has not ended within {ANSWER_SECONDS:.0f} seconds."
    elif got is not None and (told := difference(step.typed, step.shown, got)):
        yield told
