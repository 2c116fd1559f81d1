"""The server's processes: which one is it, end it, and clear away what a crash left."""

import contextlib
import signal
from pathlib import Path

import psutil

from workbook.base import processes
from workbook.base.waiting import eventually_sync
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import Mode

SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def running(data: Path) -> psutil.Process | None:
    """Return the living server of this data folder; a recycled process id does not fool it."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if _works_in(process, data) else None


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name().startswith("postgres") and _folder(process).samefile(data)
    except (OSError, ValueError, IndexError, psutil.Error):
        return False


def _folder(process: psutil.Process) -> Path:
    """Its working folder; in most containers root may not ask for another account's."""
    try:
        return Path(process.cwd())
    except psutil.AccessDenied:
        words = process.cmdline()
        return Path(words[words.index("-D") + 1])


def end(data: Path, mode: Mode, *, seconds: float = 30.0) -> None:
    """Stop the server in the given mode, and more roughly where that takes over `seconds`."""
    if server := running(data):
        ways = (SIGNALS[mode], seconds), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)
        for number, patience in ways:
            _signal(server, number)
            if _gone(server, patience):
                break
    clear_leftovers(data)


def clear_leftovers(data: Path) -> None:
    """Remove what a killed server left: its orphaned processes and its process id file."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    if running(data):
        raise PostgresProblem(
            f"The PostgreSQL server in {data} does not stop. Restart the machine, or end process "
            f"{pid_file.read_text().split()[0]} by hand."
        )
    orphans = [each for each in processes.running("name") if _works_in(each, data)]
    for orphan in orphans:
        _signal(orphan, signal.SIGKILL)
    for orphan in orphans:
        _gone(orphan, 5.0)
    pid_file.unlink(missing_ok=True)


def _gone(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of a process, at most so many seconds; whether it is gone."""
    return eventually_sync(lambda: not lives(process), seconds)


def lives(process: psutil.Process) -> bool:
    """A zombie does not live: in some containers nobody ever collects it."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
