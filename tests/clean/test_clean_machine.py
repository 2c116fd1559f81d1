"""The reference app alone, where nothing of this workbook is: its README, word by word.

It installs some fifty packages, so it is no part of `./wb test`. `python -m pytest tests/clean`
takes a minute of a core, and runs once a week.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from workbook import postgres
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.base.urls import for_sqlalchemy
from workbook.postgres import databases

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
PLACEHOLDER = re.compile(r"postgresql\+asyncpg://USER:PASSWORD@127\.0\.0\.1/(\w+)")
UNREACHABLE = (
    "Could not find a version",
    "Failed to establish a new connection",
    "Network is unreachable",
)
INSTALL_SECONDS, COMMAND_SECONDS, START_SECONDS = 400, 180, 60


def commands(section: str) -> list[str]:
    """What the README types below one of its headings, without Docker."""
    _, _, rest = (
        (paths.ROOT / "app_reference" / "README.md").read_text("utf-8").partition(f"## {section}\n")
    )
    lines = "".join(BLOCK.findall(rest.partition("\n## ")[0])).splitlines()
    typed = [line.removeprefix("$ ") for line in lines]
    return [line for line in typed if "docker" not in line and ".env" not in line]


class Shell:
    """A new folder with the app and nothing else, and what was exported in it."""

    def __init__(self, folder: Path, server: postgres.Server) -> None:
        self.folder, self._server, self._exported = folder, server, list[str]()
        found = Path(sys.base_prefix, "bin")
        self._env = {"PATH": f"{found}:{os.environ['PATH']}", "HOME": str(folder.parent)}
        self._env |= {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "TMP"))}

    def script(self, line: str) -> str:
        """The line with a real address in it, behind what was exported before."""
        line = PLACEHOLDER.sub(lambda found: for_sqlalchemy(self._server.url(found[1])), line)
        if line.startswith("export "):
            self._exported.append(line)
        return "\n".join(["set -e", *self._exported, line])

    def run(self, line: str, seconds: float = COMMAND_SECONDS) -> str:
        """What it prints; a command that fails, or takes too long, fails the test."""
        ran = subprocess.run(
            ["bash", "-c", self.script(line)],
            cwd=self.folder,
            env=self._env,
            timeout=seconds,
            capture_output=True,
            text=True,
        )
        said = ran.stdout + ran.stderr
        if "pip install" in line and any(each in said for each in UNREACHABLE):
            pytest.skip("no package index can be reached here")
        assert ran.returncode == 0, f"{line}\n{said[-3000:]}"
        return said

    def start(self, line: str) -> subprocess.Popen[bytes]:
        """Let it go on by itself, in a session of its own."""
        return subprocess.Popen(
            ["bash", "-c", self.script(line)],
            cwd=self.folder,
            env=self._env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """The app's folder alone, and a server with its two databases."""
    folder = tmp_path / "nightwatch"
    left_out = shutil.ignore_patterns("__pycache__", ".*_cache")
    shutil.copytree(paths.ROOT / "app_reference", folder, ignore=left_out)
    with sandbox.server():
        server = postgres.attach()
        for name in ("nightwatch", "nightwatch_test"):
            asyncio.run(databases.recreate(server, name))
        yield Shell(folder, server)


def test_what_the_readme_says_works_on_a_clean_machine(shell: Shell) -> None:
    """Install by the lock, migrate, serve; test, check types, begin a revision."""
    install, *exports, serve = commands("Run")
    shell.run(install, INSTALL_SECONDS)
    for each in exports:
        shell.run(each)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = shell.start(f"{serve} --port {port}")
    try:
        assert _ready(port)
    finally:
        os.killpg(serving.pid, 15)
        serving.wait(30)
    export, check, revise = commands("Change and test")
    shell.run(export)
    said = shell.run(check)
    assert " passed" in said and "Success: no issues found" in said
    assert "no changes" not in shell.run(revise)
    [made] = (shell.folder / "alembic/versions").glob("*_what_changes.py")
    assert "pass" in made.read_text("utf-8")


def _ready(port: int) -> bool:
    """Whether it serves with its database, within a minute."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return answer.status_code == 200
    return False
