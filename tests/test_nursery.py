"""A program that is born warm is as one that was started cold."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.stack import nursery
from workbook.stack.box import Box, programs

ASKS = """
import os, signal, sys
print(os.environ.get("GIVEN"), os.environ.get("OWNERS"), os.getcwd(), flush=True)
print(signal.getsignal(signal.SIGTERM).name, signal.getsignal(signal.SIGINT).name, flush=True)
print("app" in sys.modules, "fastapi" in sys.modules, sys.stdin.read() == "")
sys.exit("no good")
"""


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> Iterator[nursery.Nursery]:
    monkeypatch.setenv("OWNERS", "private")
    yield nursery.of_this_process()
    nursery.close()


def ran(folder: Path, *command: str, **environment: str) -> tuple[int, list[str]]:
    box = Box(folder, {"PATH": programs()} | environment)
    code = asyncio.run(box.run(command, 30))
    return code, [line.text for line in box.log]


def test_it_has_its_own_arguments_folder_and_exit_code(
    warm: nursery.Nursery, tmp_path: Path
) -> None:
    code, said = ran(tmp_path, "alembic", "init", "-t", "async", "migrations")
    assert (code, (tmp_path / "alembic.ini").exists()) == (0, True), said
    code, said = ran(tmp_path, "alembic", "upgrade", "nowhere")
    assert code != 0 and said
    code, said = ran(tmp_path, "alembic", "no-such-command")
    assert code == 2 and "no-such-command" in " ".join(said)


def test_it_sees_the_environment_it_was_given_and_no_other(
    warm: nursery.Nursery, tmp_path: Path
) -> None:
    ran(tmp_path, "alembic", "init", "here")
    (tmp_path / "here" / "env.py").write_text(ASKS, "utf-8")
    (tmp_path / "here" / "versions").mkdir(exist_ok=True)
    code, said = ran(tmp_path, "alembic", "current", GIVEN="1")
    there = f"1 None {tmp_path.resolve()}"
    assert said == [there, "SIG_IGN SIG_IGN", "False True True", "no good"]
    assert code == 1


def test_a_program_starts_cold_where_no_nursery_answers(
    warm: nursery.Nursery, tmp_path: Path
) -> None:
    Path(warm.address).unlink()
    ran(tmp_path, "alembic", "init", "here")
    (tmp_path / "here" / "env.py").write_text(ASKS, "utf-8")
    code, said = ran(tmp_path, "alembic", "current")
    assert (code, said[-2:]) == (1, ["False False True", "no good"])


def test_only_our_own_pythons_scripts_are_born_there(tmp_path: Path) -> None:
    assert nursery.takes("alembic", programs())
    other = tmp_path / "alembic"
    other.write_text("#!/bin/sh\n", "utf-8")
    other.chmod(0o755)
    assert not nursery.takes("alembic", f"{tmp_path}:{programs()}")
    assert not nursery.takes("sh", programs())
    assert not nursery.takes(sys.executable, programs())


def test_it_ends_with_its_owner_and_leaves_no_file() -> None:
    made = nursery.Nursery()
    place = Path(made.address).parent
    ours = [p for p in psutil.process_iter(["ppid", "cmdline"]) if p.info["ppid"] == os.getpid()]
    born = [p for p in ours if "workbook.stack.nursery" in (p.info["cmdline"] or [])]
    assert len(born) == 1 and place.exists()
    made.close()
    psutil.wait_procs(born, timeout=10)
    assert not psutil.pid_exists(born[0].pid) and not place.exists()
