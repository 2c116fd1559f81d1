"""One plain process in place of a container: started, listened to, asked, ended."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import time
from asyncio import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.stack import warm_programs
from workbook.stack.state import LogLine

PID1 = Path(__file__).with_name("pid1.py")
KILL_SECONDS = 10.0
"""How long the end of a process may take that was killed; its pipes may be held by another one."""


STARTS_OTHERS = {"--workers", "--reload"}
"""Options with which a server starts processes of its own, which a fork of ours cannot."""


def _owner() -> dict[str, str]:
    """By this variable whoever looks for what is left finds the processes of a learner's folder."""
    return {name: os.environ[name] for name in ["WORKBOOK_WORK"] if name in os.environ}


class ManagedProcess:
    """A process that starts as a container's first one does, and its log."""

    def __init__(self, folder: Path, environment: Mapping[str, str], uid: int = 0) -> None:
        self.log: list[LogLine] = []
        self._folder, self._uid = folder, uid
        self._environment = dict(environment) | _owner()
        self._process: subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def start(self, command: Sequence[str]) -> None:
        """Start this command; what it says goes to the log."""
        path = self._environment.get("PATH", "")
        many = "WEB_CONCURRENCY" in self._environment or STARTS_OTHERS & set(command)
        warm = not (self._uid or many) and warm_programs.can_fork(command[0], path)
        where = str(warm_programs.fork_server().address) if warm else "-"
        self._process = await spawn(
            *[sys.executable, "-SEP", str(PID1), str(self._uid), where, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            env=self._environment,
            start_new_session=True,
        )
        self._reader = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        async for line in self._process.stdout:
            self.say(line.decode(errors="replace").rstrip("\n"))

    @property
    def ended(self) -> bool:
        """Whether it was started, and has come to its end."""
        return self._process is not None and self._process.returncode is not None

    def say(self, text: str) -> None:
        """Add a line to the log."""
        self.log.append(LogLine(time.time(), text))

    async def wait(self) -> int:
        """Wait for its end; the exit code, as Docker would show it."""
        assert self._process is not None and self._reader is not None
        code = await self._process.wait()
        await self._reader
        return code

    async def run(self, command: Sequence[str], seconds: float) -> int:
        """Start it and wait for its end, at most so many seconds; the exit code."""
        await self.start(command)
        try:
            async with asyncio.timeout(seconds):
                return await self.wait()
        except TimeoutError:
            return await self.stop("SIGKILL", 0)

    async def stop(self, first: str, grace: float) -> int:
        """Send the signal; after so many seconds without an end, SIGKILL. The exit code."""
        if self._process is None:
            return 0
        for name, patience in ((first, grace), ("SIGKILL", 10.0)):
            self._send(name)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    return await self._process.wait()
        return 128 + 9

    def _send(self, name: str) -> None:
        assert self._process is not None and self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended by itself
            self._process.stdin.write(f"{name}\n".encode())

    async def ask(self, command: Sequence[str], seconds: float) -> int:
        """The exit code of another command beside it, as `docker exec` gives it."""
        path = self._environment.get("PATH", os.defpath)
        if shutil.which(command[0], path=path) is None:
            return 127
        beside = await spawn(
            *command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env=self._environment | {"PATH": path},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                return await beside.wait()
        except TimeoutError:
            return 1
        finally:
            await kill_and_wait(beside, signal.SIGKILL)


async def spawn(*command: str, **options: Any) -> subprocess.Process:
    """Start a process; whoever is cancelled meanwhile leaves none behind.

    asyncio's own way out looks whether it has ended. Where that is quicker than the thread that
    waits for its end, the thread complains on stderr: `Unknown child process`.
    """
    starting = asyncio.create_task(asyncio.create_subprocess_exec(*command, **options))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _end(await starting)
        raise


async def _end(process: subprocess.Process) -> None:
    """End a process that may have started another by now, and so hears of it by its stdin."""
    if process.stdin is not None:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KILL_SECONDS):
                await process.wait()
    await kill_and_wait(process, signal.SIGKILL)


async def kill_and_wait(process: subprocess.Process, number: signal.Signals) -> None:
    """Send a signal to a process that has not ended, and wait for its end, some seconds at most.

    `Process.kill` would look whether it has ended, and then nobody else could ask for its code.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KILL_SECONDS):
                await process.wait()
