"""A program that a fork server starts is as one that was started cold."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook.base.programs import search_path
from workbook.forkserver.server import ForkServer
from workbook.stack import warm_programs
from workbook.stack.process import ManagedProcess

ASKS = """
import os, signal, sys
print(os.environ.get("GIVEN"), os.environ.get("OWNERS"), os.getcwd(), flush=True)
print(signal.getsignal(signal.SIGTERM).name, signal.getsignal(signal.SIGINT).name, flush=True)
print("app" in sys.modules, "fastapi" in sys.modules, sys.stdin.read() == "")
sys.exit("no good")
"""


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    monkeypatch.setenv("OWNERS", "private")
    yield warm_programs.fork_server()
    warm_programs.close()


def ran(folder: Path, *command: str, **environment: str) -> tuple[int, list[str]]:
    box = ManagedProcess(folder, {"PATH": search_path()} | environment)
    code = asyncio.run(box.run(command, 30))
    return code, [line.text for line in box.log]


def test_it_has_its_own_arguments_folder_and_exit_code(warm: ForkServer, tmp_path: Path) -> None:
    code, said = ran(tmp_path, "alembic", "init", "-t", "async", "migrations")
    assert (code, (tmp_path / "alembic.ini").exists()) == (0, True), said
    code, said = ran(tmp_path, "alembic", "upgrade", "nowhere")
    assert code != 0 and said
    code, said = ran(tmp_path, "alembic", "no-such-command")
    assert code == 2 and "no-such-command" in " ".join(said)


def test_it_sees_the_environment_it_was_given_and_no_other(
    warm: ForkServer, tmp_path: Path
) -> None:
    ran(tmp_path, "alembic", "init", "here")
    (tmp_path / "here" / "env.py").write_text(ASKS, "utf-8")
    (tmp_path / "here" / "versions").mkdir(exist_ok=True)
    code, said = ran(tmp_path, "alembic", "current", GIVEN="1")
    there = f"1 None {tmp_path.resolve()}"
    assert said == [there, "SIG_IGN SIG_IGN", "False True True", "no good"]
    assert code == 1


def test_a_program_starts_cold_where_no_fork_server_answers(
    warm: ForkServer, tmp_path: Path
) -> None:
    warm.address.unlink()
    ran(tmp_path, "alembic", "init", "here")
    (tmp_path / "here" / "env.py").write_text(ASKS, "utf-8")
    code, said = ran(tmp_path, "alembic", "current")
    assert (code, said[-2:]) == (1, ["False False True", "no good"])


def test_only_our_own_pythons_scripts_are_forked(tmp_path: Path) -> None:
    assert warm_programs.can_fork("alembic", search_path())
    other = tmp_path / "alembic"
    other.write_text("#!/bin/sh\n", "utf-8")
    other.chmod(0o755)
    assert not warm_programs.can_fork("alembic", f"{tmp_path}:{search_path()}")
    assert not warm_programs.can_fork("sh", search_path())
    assert not warm_programs.can_fork(sys.executable, search_path())
