"""A room that is not there: `wb room` as a process, and laptops that report to it as real ones do.

A laptop is the workbook's own sender; only its learner is made up.
"""

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from workbook import material
from workbook.base import paths
from workbook.room.laptop.post import post
from workbook.room.laptop.sender import Sender
from workbook.room.laptop.watching import Standings
from workbook.room.wire.code import Code
from workbook.room.wire.report import Standing

START_SECONDS = 30.0
EXERCISES = [each.id for notebook in material.notebooks() for each in notebook.exercises]


class RoomProcess:
    """`wb room`, with a folder of its own; it can be killed, and started again."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._folder, self._arguments = folder, arguments
        self._process: subprocess.Popen[str] | None = None
        self.said = ""

    def start(self) -> None:
        """Open the room, and wait until it says so."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbook", "room", *self._arguments],
            cwd=paths.ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = self._process.stdout
        assert lines is not None
        late = threading.Timer(START_SECONDS, self._process.kill)
        late.start()
        self.said = ""
        for line in lines:
            self.said += line
            if "--new begins another" in line:
                break
        late.cancel()
        assert "--new begins another" in self.said, self.said

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate(timeout=10)

    def stop(self) -> str:
        """Ctrl-C; what it says at its end."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        rest, _ = self._process.communicate(timeout=20)
        assert self._process.returncode == 0, rest
        return rest

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("WORKBOOK_")}
        return kept | {"WORKBOOK_WORK": str(self._folder)}

    @property
    def code(self) -> Code:
        found = re.search(r"--room (\S+)", self.said)
        assert found, self.said
        return Code.parse(found[1])

    @property
    def board(self) -> str:
        return re.findall(r"http://\S+", self.said)[0]

    @property
    def wall(self) -> str:
        return re.findall(r"http://\S+", self.said)[1]

    def json(self) -> dict[str, Any]:
        """What `wb room --json` prints."""
        asked = [sys.executable, "-P", "-m", "workbook", "room", "--json"]
        text = subprocess.check_output(asked, cwd=paths.ROOT, env=self.environment(), timeout=30)
        return dict(json.loads(text))


@contextlib.contextmanager
def room(folder: Path, *arguments: str) -> Iterator[RoomProcess]:
    """An open room, ended with the block."""
    opened = RoomProcess(folder, *arguments)
    opened.start()
    try:
        yield opened
    finally:
        if opened.alive():
            opened.kill()


@dataclass
class Laptop:
    """A learner with a laptop: `check` is what a cell does, and when it did it is remembered."""

    code: Code
    name: str
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    standings: dict[str, Standing] = field(default_factory=dict)
    done: dict[tuple[str, int], float] = field(default_factory=dict)
    """(exercise, attempts) → when, on the monotonic clock."""

    def start(self) -> None:
        """Join, or come back after a restart."""
        self._sender = Sender(
            partial(post, self.code), self.name, self.secret, self.read, lambda _: None
        )
        self._sender.start()

    def stop(self) -> None:
        self._sender.stop()

    def read(self) -> Standings:
        return tuple(self.standings[each] for each in EXERCISES if each in self.standings)

    def check(self, exercise: str, right: bool) -> None:
        old = self.standings.get(exercise)
        attempts = old.attempts + 1 if old else 1
        self.done[exercise, attempts] = time.monotonic()
        self.standings = self.standings | {
            exercise: Standing(
                exercise=exercise,
                verdict="right" if right else "not yet",
                attempts=attempts,
                hints=min(attempts, 3),
                solved=right or bool(old and old.solved),
            )
        }


class Watcher:
    """A page that follows the board: when it first showed which attempt of whom."""

    def __init__(self, events: str) -> None:
        self._events = events
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._ended = threading.Event()
        self.shown: dict[tuple[str, str], list[tuple[float, int]]] = {}
        """(name, exercise) → when, on the monotonic clock, and the attempts shown from then on."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(10)

    def lag(self, name: str, exercise: str, attempts: int, begun: float) -> float | None:
        """Seconds from a check to the page that shows it; None if none did."""
        shown = self.shown.get((name, exercise), [])
        return next((at - begun for at, count in shown if count >= attempts), None)

    def _follow(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(httpx.HTTPError):
                self._read()
            self._ended.wait(0.2)

    def _read(self) -> None:
        with (
            httpx.Client(trust_env=False, timeout=10) as client,
            client.stream("GET", self._events) as stream,
        ):
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    self._note(json.loads(line.removeprefix("data:")))
                if self._ended.is_set():
                    return

    def _note(self, view: dict[str, Any]) -> None:
        now = time.monotonic()
        for person in view["people"]:
            for exercise, standing in person["exercises"].items():
                known = self.shown.setdefault((person["name"], exercise), [])
                if not known or known[-1][1] != standing["attempts"]:
                    known.append((now, standing["attempts"]))
