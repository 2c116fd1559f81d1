"""`docker` and `docker compose`, run as commands in the folder of one project."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from workbook.base.problem import Problem
from workbook.stack.process import kill_and_wait, spawn

SECONDS = 90.0
"""How long a command may take."""
PASSED_ON = ("PATH", "HOME", "DOCKER_", "XDG_", "SSH_", "http", "HTTP", "NO_PROXY", "no_proxy")
FILES = ("docker-compose.yml", "changes.yml")
NEXT = (
    "Look at that, or run `%env WORKBOOK_DOCKER=off` and then this cell again: plain processes do"
    " it then."
)


class DockerCommand:
    """The commands of one project; Problem where one fails or does not end."""

    def __init__(self, folder: Path, project: str) -> None:
        self.project = project
        self.variables: dict[str, str] = {}
        """What the Compose file finds as its variables."""
        self._folder = folder

    async def docker(self, *words: str, both: bool = False, may_fail: bool = False) -> str:
        """What `docker …` printed; with `both`, on its standard error too."""
        process = await self._start(("docker", *words), {})
        return await output(process, f"docker {words[0]}", SECONDS, both, may_fail)

    async def compose(self, *words: str, seconds: float = SECONDS, may_fail: bool = False) -> str:
        """What `docker compose …` printed."""
        process = await self.start_compose(*words)
        return await output(process, f"docker compose {words[0]}", seconds, may_fail=may_fail)

    async def start_compose(self, *words: str) -> asyncio.subprocess.Process:
        """Start `docker compose …`, and do not wait for its end."""
        files = (f"--file={each}" for each in FILES)
        every = ("docker", "compose", f"--project-name={self.project}", *files, *words)
        return await self._start(every, self.variables)

    async def _start(
        self, words: tuple[str, ...], variables: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        """Without the notebook's own variables: the file is to find those it is given."""
        kept = {key: value for key, value in os.environ.items() if key.startswith(PASSED_ON)}
        return await spawn(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder,
            env=kept | dict(variables),
        )


async def output(
    process: asyncio.subprocess.Process,
    name: str,
    seconds: float = SECONDS,
    both: bool = False,
    may_fail: bool = False,
) -> str:
    """What it printed; Problem where it fails, or does not end in time."""
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
    except TimeoutError:
        await kill_and_wait(process, signal.SIGKILL)
        raise Problem(f"`{name}` did not end within {seconds:.0f} seconds. {NEXT}") from None
    if process.returncode and not may_fail:
        last = " ".join(err.decode(errors="replace").strip().splitlines()[-3:])
        raise Problem(f"`{name}` failed: {last} {NEXT}")
    return (out + err if both else out).decode(errors="replace")
