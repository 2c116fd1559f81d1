"""A room's hub as `deploy/hub/up` opens it, and somebody who works under a learner's account."""

import json
import os
import pwd
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from workbook.base import paths
from workbook.base.processes import running

sys.path.insert(0, str(paths.ROOT / "benchmarks"))
from hub_learners import Learner

UP_SECONDS, DOWN_SECONDS, COMMAND_SECONDS = 600, 300, 60
PASSWORD = "a word of mine"


class Hub:
    """One room in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"
        self._port = port

    def up(self, *options: str) -> str:
        return self._run("up", "--port", str(self._port), *options, seconds=UP_SECONDS)

    def down(self, *options: str) -> str:
        return self._run("down", *options, seconds=DOWN_SECONDS)

    def _run(self, program: str, *options: str, seconds: float) -> str:
        command = [paths.ROOT / "deploy/hub" / program, "--folder", self.folder, *options]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def settings(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "hub" / "settings.json").read_text("utf-8")))

    def home(self, name: str) -> Path:
        return self.folder / "learners" / name

    async def enters(self, name: str, password: str = PASSWORD) -> Learner:
        """Somebody who has signed in."""
        learner = Learner(self.address, name)
        await learner.sign_in(password)
        return learner

    async def begins(self, name: str) -> Learner:
        """Somebody who has a kernel and notebook 00."""
        learner = await self.enters(name)
        await learner.open_server()
        await learner.open_kernel("00_first_query.ipynb")
        shown = await learner.run("from workbook import start\nlab = await start('00')")
        assert not shown.error, shown.error
        return learner

    def as_learner(self, name: str, code: str, *words: object) -> str:
        """What this Python prints under the learner's account, or the class of its error."""
        entry = pwd.getpwnam(name)
        done = subprocess.run(
            [self.folder / "checkout/.venv/bin/python", "-P", "-c", code, *map(str, words)],
            capture_output=True, text=True, timeout=COMMAND_SECONDS, cwd="/", env={},
            user=entry.pw_uid, group=entry.pw_gid, extra_groups=[],
        )  # fmt: skip
        if done.returncode:
            return done.stderr.strip().splitlines()[-1].partition(":")[0]
        return done.stdout.strip()


def accounts(folder: Path) -> list[str]:
    """Those whose home is in this folder."""
    return [each.pw_name for each in pwd.getpwall() if each.pw_dir.startswith(f"{folder}/")]


def processes(folder: Path) -> list[psutil.Process]:
    """Those of the room: its programs and its folders stand in their command lines."""
    return [
        each
        for each in running("cmdline", "status")
        if str(folder) in " ".join(each.info["cmdline"] or [])
        and each.info["status"] != psutil.STATUS_ZOMBIE
        and each.pid != os.getpid()
    ]


def gone(folder: Path, seconds: float = 30.0) -> bool:
    """Whether the room's processes end in this time."""
    deadline = time.monotonic() + seconds
    while processes(folder) and time.monotonic() < deadline:
        time.sleep(0.2)
    return not processes(folder)
